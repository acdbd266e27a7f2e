package boltstore

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"frontdesk/bot"
	"frontdesk/flows"
)

func encodeFiles(files flows.Files) []byte {
	b := appendText([]byte{form}, 1, files.Root)
	for _, name := range slices.Sorted(maps.Keys(files.Content)) {
		b = appendPart(b, 2, func(b []byte) []byte { return appendBytes(appendText(b, 1, name), 2, files.Content[name]) })
	}
	return seal(b)
}

func decodeFiles(_ string, b []byte) (files flows.Files, err error) {
	return files, decode(b, 1, func(f field) error {
		switch f.number {
		case 1:
			files.Root = f.text()
		case 2:
			if files.Content == nil {
				files.Content = make(map[string][]byte)
			}
			return readFile(f.b, files.Content)
		}
		return nil
	})
}

func readFile(b []byte, into map[string][]byte) error {
	var name string
	content := []byte{}
	err := eachField(b, func(f field) error {
		switch f.number {
		case 1:
			name = f.text()
		case 2:
			content = bytes.Clone(f.b)
		}
		return nil
	})
	into[name] = content
	return err
}

// KeepFlows implements bot.Library. The version itself is in use. While the
// standings are damaged nothing is removed, as nobody knows who stands where.
func (s *Store) KeepFlows(ctx context.Context, version string, files flows.Files, use ...string) error {
	err := checkParts("a version of flows", version)
	if err == nil {
		b := encodeFiles(files)
		err = s.update(ctx, func(w *writer) error {
			return w.keepFlows(row{[]byte(version), b}, append([]string{version}, use...))
		})
	}
	if err != nil {
		return fmt.Errorf("keeping the flows of version %q: %w", version, err)
	}
	return nil
}

func (w *writer) keepFlows(r row, use []string) error {
	if !bytes.Equal(w.get(inFlows, r.key), r.value) {
		if err := w.put(inFlows, r.key, r.value); err != nil {
			return err
		}
	}
	standings, damage := w.standings()
	if damage != nil {
		return nil //nolint:nilerr // Standings tells it; a version too many does no harm
	}
	for _, s := range standings {
		use = append(use, s.Version)
	}
	var old [][]byte
	c := w.cursor(inFlows)
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		if !slices.Contains(use, string(k)) {
			old = append(old, bytes.Clone(k))
		}
	}
	for _, k := range old {
		if err := w.delete(inFlows, k); err != nil {
			return err
		}
	}
	return nil
}

// Flows implements bot.Library. A record that is damaged stays so: it counts as
// not there, and the error says both, so that conversations on it begin anew
// rather than that nothing is stored of what their customers write.
func (s *Store) Flows(ctx context.Context, version string) (flows.Files, error) {
	files, err := one(ctx, s, inFlows, version, decodeFiles)
	if err != nil {
		if errors.Is(err, ErrDamaged) && void(err) {
			err = fmt.Errorf("%w: %w", bot.ErrNotFound, err)
		}
		return flows.Files{}, fmt.Errorf("the flows of version %q: %w", version, err)
	}
	return files, nil
}

// Standings implements bot.Library. A count that is damaged is left out and told
// in err, beside the others; the next Open counts anew.
func (s *Store) Standings(ctx context.Context) ([]bot.Standing, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var list []bot.Standing
	var damage error
	err := s.view(func(v view) error {
		list, damage = v.standings()
		return nil
	})
	if err := errors.Join(err, damage); err != nil {
		return list, fmt.Errorf("counting conversations: %w", err)
	}
	return list, nil
}

// placeKey is where a conversation is counted, empty for nowhere.
func placeKey(s flows.State) string {
	if !s.Begun() {
		return ""
	}
	return s.Version + "\x00" + s.Flow + "\x00" + s.Node
}

func (v view) standings() (list []bot.Standing, damage error) {
	c := v.cursor(inStandings)
	for k, b := c.First(); k != nil; k, b = c.Next() {
		parts := strings.SplitN(string(k), "\x00", 3)
		n, ok := readCount(b)
		if !ok || len(parts) != 3 {
			damage = errors.Join(damage, fmt.Errorf("%w: the number of conversations at %q", ErrDamaged, k))
			continue
		}
		list = append(list, bot.Standing{Version: parts[0], Place: flows.Place{Flow: parts[1], Node: parts[2]}, Conversations: int(n)})
	}
	return list, damage
}

// readCount reads a number that may be missing, and is never stored as zero;
// false: it is none.
func readCount(b []byte) (n uint64, ok bool) {
	if len(b) != 8 {
		return 0, b == nil
	}
	n = binary.BigEndian.Uint64(b)
	return n, n > 0
}

// moveStanding counts a conversation at another place.
func (w *writer) moveStanding(from, to string) error {
	if from == to {
		return nil
	}
	if err := w.count(from, -1); err != nil {
		return err
	}
	return w.count(to, 1)
}

func (w *writer) count(place string, by int) error {
	if place == "" {
		return nil
	}
	return w.countIn(inStandings, []byte(place), by)
}

// countIn leaves a damaged number alone: a customer's message is worth more.
func (w *writer) countIn(bucket string, key []byte, by int) error {
	n, ok := readCount(w.get(bucket, key))
	if !ok || (n == 0 && by < 0) {
		return nil
	}
	if n += uint64(by); n == 0 {
		return w.delete(bucket, key)
	}
	return w.put(bucket, key, binary.BigEndian.AppendUint64(nil, n))
}

// recount counts all conversations: in a file whose format had no counts, and
// where counts are damaged.
func (w *writer) recount() error {
	if err := w.deleteAll(inStandings, w.keysBelow(inStandings, nil)); err != nil {
		return fmt.Errorf("emptying the standings: %w", err)
	}
	counts := make(map[string]uint64)
	damage := guard(func() error {
		c := w.cursor(inConversations)
		for k, b := c.First(); k != nil; {
			id, part, _, err := splitPart(k)
			if err != nil {
				k, b = c.Next()
				continue
			}
			if part < partConversation {
				if k, b = c.Seek(conversationKey(id)); !bytes.Equal(k, conversationKey(id)) {
					continue
				}
			}
			// Whatever meets it says that it is damaged.
			if h, err := readConversationHeader(b); err == nil && part <= partConversation {
				counts[h.standing()]++
			}
			k, b = c.Seek(partKey(id, partEnd, 0))
		}
		return nil
	})
	if damage != nil {
		// A page is broken, and the rest works. This entry makes Standings say so
		// and the next Open try again.
		return w.put(inStandings, []byte("?"), nil)
	}
	delete(counts, "")
	for place, n := range counts {
		if err := w.put(inStandings, []byte(place), binary.BigEndian.AppendUint64(nil, n)); err != nil {
			return err
		}
	}
	return nil
}
