package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
	"frontdesk/flows"
)

// slow is a store whose first commit waits until it is let.
type slow struct {
	*boltstore.Store
	reached, let chan struct{}
}

func (s *slow) Commit(ctx context.Context, changes []bot.Change) error {
	close(s.reached)
	<-s.let
	return s.Store.Commit(ctx, changes)
}

// TestAVersionIsKeptForAMessageThatIsBeingDecided reloads twice while a message
// that began on the first version is not committed yet.
func TestAVersionIsKeptForAMessageThatIsBeingDecided(t *testing.T) {
	t.Parallel()
	store, err := boltstore.Open(filepath.Join(t.TempDir(), "frontdesk.db"), boltstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	ledger := &slow{store, make(chan struct{}), make(chan struct{})}
	channels := map[string]bot.Channel{"phone": &far{name: "phone", limits: metaLike()}}
	edition := func(n int) (*flows.Set, flows.Files) {
		t.Helper()
		src := []byte(strings.Replace(shop, "Test Shop", fmt.Sprintf("Shop %d", n), 1))
		set, findings := flows.Parse("flows.yaml", src)
		if set == nil {
			t.Fatal(findings)
		}
		return set, flows.Files{Root: "flows.yaml", Content: map[string][]byte{"flows.yaml": src}}
	}
	first, files := edition(1)
	if err := store.KeepFlows(t.Context(), first.Version, files); err != nil {
		t.Fatal(err)
	}
	engine := bot.NewEngine(bot.EngineConfig{
		Ledger: ledger, Channels: channels, Set: first, Library: store, Hub: &bot.Hub{}, Wake: func() {},
		Stats: bot.NewStats(channels), Log: slog.New(slog.DiscardHandler),
	})
	handled := make(chan error)
	go func() {
		handled <- engine.Handle(t.Context(), bot.Batch{Messages: []bot.Inbound{(&desk{}).message(mara, "hi")}})
	}()
	<-ledger.reached
	for n := 2; n <= 3; n++ {
		set, files := edition(n)
		if err := store.KeepFlows(t.Context(), set.Version, files, engine.Versions()...); err != nil {
			t.Fatal(err)
		}
		engine.SetFlows(set)
	}
	close(ledger.let)
	if err := <-handled; err != nil {
		t.Fatal(err)
	}
	standings, err := store.Standings(t.Context())
	if err != nil || len(standings) != 1 {
		t.Fatalf("standings: %v, %v", standings, err)
	}
	check(t, "the version it began on", first.Version, standings[0].Version)
	if _, err := store.Flows(t.Context(), first.Version); err != nil {
		t.Error(err)
	}
}
