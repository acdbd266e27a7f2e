package whatsapp_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"frontdesk/adapters/meta/metatest"
	"frontdesk/bot"
)

// FuzzDecode: whatever is signed, Decode does not panic, reads it the same way
// twice, gives nothing that the engine or a store could choke on, and loses no
// element.
func FuzzDecode(f *testing.F) {
	for _, body := range metatest.Bodies(f, goldens) {
		f.Add(body)
	}
	f.Add(metatest.Batch(metatest.TestNumber, "BATCH", 3, 2, time.Unix(1795341600, 0)))
	c := open(f, "")
	f.Fuzz(func(t *testing.T, body []byte) {
		b, err := c.Decode(metatest.Signed(metatest.TestSecret, body), body, accounts())
		again, _ := c.Decode(metatest.Signed(metatest.TestSecret, body), body, accounts())
		if metatest.Print(b, err) != metatest.Print(again, err) {
			t.Fatal("read in two ways")
		}
		if err != nil {
			if !errors.Is(err, bot.ErrMalformed) {
				t.Fatalf("the error is %v", err)
			}
			return
		}
		metatest.Sound(t, b)
		if got, least := len(b.Messages)+len(b.Receipts)+len(b.Events), elements(body); got < least {
			t.Fatalf("%d elements, %d were read:\n%s", least, got, metatest.Print(b, nil))
		}
	})
}

// elements counts what must not get lost, when all is of the right type.
func elements(body []byte) int {
	var e struct {
		Entry []struct {
			Changes []struct {
				Field string
				Value struct {
					Metadata struct {
						ID string `json:"phone_number_id"`
					}
					Messages, Statuses, Errors []any
				}
			}
		}
	}
	if json.Unmarshal(body, &e) != nil {
		return 0
	}
	n := 0
	for _, entry := range e.Entry {
		for _, c := range entry.Changes {
			if _, known := accounts()[c.Value.Metadata.ID]; known && c.Field == "messages" {
				n += len(c.Value.Messages) + len(c.Value.Statuses) + len(c.Value.Errors)
			} else {
				n++
			}
		}
	}
	return n
}
