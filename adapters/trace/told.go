package trace

import (
	"context"
	"errors"
	"log/slog"

	"go.opentelemetry.io/otel/attribute"

	"frontdesk/bot"
)

func attributes(ids []slog.Attr) []attribute.KeyValue {
	all := make([]attribute.KeyValue, 0, len(ids))
	for _, id := range ids {
		key := "frontdesk." + id.Key
		switch id.Value.Kind() {
		case slog.KindInt64:
			all = append(all, attribute.Int64(key, id.Value.Int64()))
		case slog.KindBool:
			all = append(all, attribute.Bool(key, id.Value.Bool()))
		default:
			all = append(all, attribute.String(key, id.Value.String()))
		}
	}
	return all
}

// word is what may be told of an error.
func word(err error) string {
	for _, known := range []struct {
		err  error
		word string
	}{
		{bot.ErrConflict, "conflict"},
		{bot.ErrDuplicate, "duplicate"},
		{bot.ErrNotFound, "not_found"},
		{bot.ErrChannelOff, "channel_off"},
		{bot.ErrFull, "disk_full"},
		{context.DeadlineExceeded, "timeout"},
		{context.Canceled, "cancelled"},
	} {
		if errors.Is(err, known.err) {
			return known.word
		}
	}
	return "error"
}
