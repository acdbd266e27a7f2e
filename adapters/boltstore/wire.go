package boltstore

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// Records are written as protocol buffers are on the wire: numbered fields, each
// with its type, so that one that is not known is passed over and one that is
// missing has its zero value. Zero values are not written. A field's number is
// stored data: it is never used again for something else.

// number is of a field.
type number = int32

func appendText(b []byte, n number, s string) []byte {
	if s == "" {
		return b
	}
	return protowire.AppendString(protowire.AppendTag(b, protowire.Number(n), protowire.BytesType), s)
}

func appendTexts(b []byte, n number, list []string) []byte {
	for _, s := range list { // an empty one counts too
		b = protowire.AppendString(protowire.AppendTag(b, protowire.Number(n), protowire.BytesType), s)
	}
	return b
}

func appendBytes(b []byte, n number, v []byte) []byte {
	if len(v) == 0 {
		return b
	}
	return protowire.AppendBytes(protowire.AppendTag(b, protowire.Number(n), protowire.BytesType), v)
}

func appendUint(b []byte, n number, v uint64) []byte {
	if v == 0 {
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, protowire.Number(n), protowire.VarintType), v)
}

func appendInt(b []byte, n number, v int) []byte { return appendUint(b, n, uint64(v)) }

func appendBool(b []byte, n number, v bool) []byte {
	if !v {
		return b
	}
	return appendUint(b, n, 1)
}

// appendMoment writes a time to the nanosecond: seconds, and what is beyond them
// when there is something.
func appendMoment(b []byte, n number, t time.Time) []byte {
	if t.IsZero() {
		return b
	}
	seconds, nanos := protowire.EncodeZigZag(t.Unix()), uint64(t.Nanosecond())
	size := protowire.SizeVarint(seconds)
	if nanos > 0 {
		size += protowire.SizeVarint(nanos)
	}
	b = protowire.AppendVarint(protowire.AppendTag(b, protowire.Number(n), protowire.BytesType), uint64(size))
	b = protowire.AppendVarint(b, seconds)
	if nanos > 0 {
		b = protowire.AppendVarint(b, nanos)
	}
	return b
}

// appendPart writes a record within a record. It is written also when it is
// empty: that it is there says something.
func appendPart(b []byte, n number, part func(b []byte) []byte) []byte {
	b = protowire.AppendTag(b, protowire.Number(n), protowire.BytesType)
	at := len(b)
	b = part(append(b, 0)) // one byte of length is enough for most
	size := len(b) - at - 1
	if more := protowire.SizeVarint(uint64(size)) - 1; more > 0 {
		b = slices.Insert(b, at, make([]byte, more)...)
	}
	protowire.AppendVarint(b[:at], uint64(size))
	return b
}

// words are those of a closed set, each with the number under which it is
// stored; the first has 1. A word that is not among them is stored as it is.
type words []string

func appendWord[T ~string](b []byte, n number, set words, w T) []byte {
	if i := slices.Index(set, string(w)); i >= 0 {
		return appendInt(b, n, i+1)
	}
	return appendText(b, n, string(w))
}

// The fields of a value: what a variable of a flow may hold.
const (
	valueText   number = 1
	valueNumber number = 2 // eight bytes
	valueBool   number = 3
	valueList   number = 4 // its values are parts 1
	valueMap    number = 5 // its entries are parts 1, see appendEntry
)

// appendValue writes what JSON knows, nil as nothing at all. An error says that v
// is something else.
func appendValue(b []byte, v any) ([]byte, error) {
	var err error
	switch v := v.(type) {
	case nil:
	case string:
		b = protowire.AppendString(protowire.AppendTag(b, protowire.Number(valueText), protowire.BytesType), v)
	case float64:
		b = protowire.AppendFixed64(protowire.AppendTag(b, protowire.Number(valueNumber), protowire.Fixed64Type), math.Float64bits(v))
	case bool:
		b = protowire.AppendVarint(protowire.AppendTag(b, protowire.Number(valueBool), protowire.VarintType), protowire.EncodeBool(v))
	case []any:
		b = appendPart(b, valueList, func(b []byte) []byte {
			for _, each := range v {
				b = appendPart(b, 1, func(b []byte) []byte {
					b, err = keepErr(err)(appendValue(b, each))
					return b
				})
			}
			return b
		})
	case map[string]any:
		b = appendPart(b, valueMap, func(b []byte) []byte {
			b, err = keepErr(err)(appendMap(b, 1, v))
			return b
		})
	default:
		return b, fmt.Errorf("a variable cannot hold a %T", v)
	}
	return b, err
}

// keepErr gives the first error of several.
func keepErr(first error) func(b []byte, err error) ([]byte, error) {
	return func(b []byte, err error) ([]byte, error) {
		if first != nil {
			return b, first
		}
		return b, err
	}
}

// appendMap writes the entries of a map, each as a part n: its name is field 1,
// its value part 2. They are sorted, so that the same map is the same bytes.
func appendMap(b []byte, n number, m map[string]any) (_ []byte, err error) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		b = appendPart(b, n, func(b []byte) []byte {
			b = appendText(b, 1, name)
			return appendPart(b, 2, func(b []byte) []byte {
				b, err = keepErr(err)(appendValue(b, m[name]))
				return b
			})
		})
	}
	return b, err
}

// field is one field as it is read. Of v and b the one is set that its type has.
type field struct {
	number number
	kind   protowire.Type
	v      uint64 // a number
	b      []byte // a text or part: of the record, to be copied
}

// errWire says that a record is not written as records are.
var errWire = errors.New("it is cut off or overwritten")

// eachField calls f for the fields of a record, in their order.
func eachField(b []byte, f func(field) error) error {
	for len(b) > 0 {
		n, kind, size := protowire.ConsumeTag(b)
		if size < 0 {
			return errWire
		}
		b = b[size:]
		one := field{number: number(n), kind: kind}
		switch kind {
		case protowire.VarintType:
			one.v, size = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			one.b, size = protowire.ConsumeBytes(b)
		case protowire.Fixed64Type:
			one.v, size = protowire.ConsumeFixed64(b)
		default:
			return errWire
		}
		if size < 0 {
			return errWire
		}
		b = b[size:]
		if err := f(one); err != nil {
			return err
		}
	}
	return nil
}

func (f field) text() string { return string(f.b) }

func (f field) int() int { return int(f.v) }

func (f field) bool() bool { return f.v != 0 }

func (f field) moment() (time.Time, error) {
	seconds, size := protowire.ConsumeVarint(f.b)
	if size < 0 {
		return time.Time{}, errWire
	}
	var nanos uint64
	if rest := f.b[size:]; len(rest) > 0 {
		if nanos, size = protowire.ConsumeVarint(rest); size < 0 || nanos >= uint64(time.Second) {
			return time.Time{}, errWire
		}
	}
	return time.Unix(protowire.DecodeZigZag(seconds), int64(nanos)).UTC(), nil
}

// word reads what appendWord wrote.
func (f field) word(set words) (string, error) {
	if f.kind == protowire.BytesType {
		return f.text(), nil
	}
	if f.v == 0 || f.v > uint64(len(set)) {
		return "", errWire
	}
	return set[f.v-1], nil
}

// readWord reads a word into what it is of.
func readWord[T ~string](to *T, f field, set words) error {
	w, err := f.word(set)
	*to = T(w)
	return err
}

func readMoment(to *time.Time, f field) (err error) {
	*to, err = f.moment()
	return err
}

// readValue reads what appendValue wrote.
func readValue(b []byte) (v any, err error) {
	err = eachField(b, func(f field) (err error) {
		switch f.number {
		case valueText:
			v = f.text()
		case valueNumber:
			v = math.Float64frombits(f.v)
		case valueBool:
			v = f.bool()
		case valueList:
			v, err = readList(f.b)
		case valueMap:
			v, err = readEntries(f.b)
		}
		return err
	})
	return v, err
}

func readList(b []byte) (any, error) {
	list := []any{}
	err := eachField(b, func(f field) error {
		v, err := readValue(f.b)
		list = append(list, v)
		return err
	})
	return list, err
}

func readEntries(b []byte) (any, error) {
	m := make(map[string]any)
	err := eachField(b, func(f field) error { return readEntry(f.b, m) })
	return m, err
}

// readEntry reads one entry of a map into m.
func readEntry(b []byte, m map[string]any) error {
	var name string
	var v any
	err := eachField(b, func(f field) (err error) {
		switch f.number {
		case 1:
			name = f.text()
		case 2:
			v, err = readValue(f.b)
		}
		return err
	})
	m[name] = v
	return err
}
