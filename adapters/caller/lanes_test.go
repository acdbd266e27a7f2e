package caller

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestAHostThatNobodyCallsIsForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l lanes
		var leaves []func()
		for range abreast {
			leave, err := l.enter(t.Context(), "shop.example")
			if err != nil {
				t.Fatal(err)
			}
			leaves = append(leaves, leave)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := l.enter(ctx, "shop.example"); err == nil {
			t.Error("there is a place too many")
		}
		entered := make(chan func())
		go func() {
			leave, err := l.enter(t.Context(), "shop.example")
			if err != nil {
				t.Error(err)
			}
			entered <- leave
		}()
		synctest.Wait()
		leaves[0]()
		leaves[0] = <-entered
		for _, leave := range leaves {
			leave()
		}
		if len(l.hosts) != 0 {
			t.Errorf("%d hosts are kept", len(l.hosts))
		}
	})
}
