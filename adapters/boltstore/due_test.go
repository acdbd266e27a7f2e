package boltstore_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
)

// unranked gives the entries of the queue the form that they had before answers
// went before courtesies: channel 0 time, conversation.
func unranked(tx *bolt.Tx) error {
	bucket := tx.Bucket([]byte("due"))
	entries := map[string][]byte{}
	err := bucket.ForEach(func(k, v []byte) error {
		channel, rest, _ := bytes.Cut(bytes.Clone(k), []byte{0})
		entries[string(channel)+"\x00"+string(rest[1:])] = bytes.Clone(v)
		return nil
	})
	if err != nil {
		return err
	}
	if err := tx.DeleteBucket([]byte("due")); err != nil {
		return err
	}
	if bucket, err = tx.CreateBucket([]byte("due")); err != nil {
		return err
	}
	for k, v := range entries {
		if err := bucket.Put([]byte(k), v); err != nil {
			return err
		}
	}
	return nil
}

func TestAQueueOfAnOlderFormIsPutInOrderByOpen(t *testing.T) {
	t.Parallel()
	for name, lease := range map[string]bool{"what waited": false, "what was being sent": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, now := twenty(t, lease, unranked)
			for range 2 {
				s := open(t, path, quick())
				got, list, err := due(t, s, now, 100)
				if err != nil || !slices.Equal(got, healthy("")) {
					t.Fatalf("handed out %v, %v", got, err)
				}
				for _, a := range list {
					if begun := !a.Delivery.BegunAt.IsZero(); begun != lease {
						t.Errorf("%s was being sent: %t", a.Message.ID(), begun)
					}
				}
				if got, _, err := due(t, s, now.Add(59*time.Second), 100); err != nil || len(got) != 0 {
					t.Errorf("while all are leased: %v, %v", got, err)
				}
				closeStore(t, s)
				lease = true // the second time the file is of the newer form, and all was out
			}
		})
	}
}
