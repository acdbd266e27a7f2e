package encoder

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// tensor is a table of numbers of the package, four bytes each.
type tensor struct {
	shape []int
	kind  string
	bytes []byte
}

// tensors are the tables of a package by name, and what was wrong with those
// that were asked for.
type tensors struct {
	named  map[string]tensor
	faults []error
}

// tensors reads the tables that the manifest of the package names.
func (a archive) tensors() (*tensors, error) {
	var model struct {
		WeightsManifest []struct {
			Paths   []string
			Weights []struct {
				Name  string
				Shape []int
				Dtype string
			}
		}
	}
	if err := a.read("dist/model.json", &model); err != nil {
		return nil, err
	}
	all := &tensors{named: map[string]tensor{}}
	for _, group := range model.WeightsManifest {
		var rest []byte
		for _, path := range group.Paths {
			rest = append(rest, a["dist/"+path]...)
		}
		for _, w := range group.Weights {
			n := 4 * size(w.Shape)
			if n < 0 || n > len(rest) {
				return nil, fmt.Errorf("%w: the numbers of %s are missing", ErrPackage, w.Name)
			}
			all.named[w.Name] = tensor{shape: w.Shape, kind: w.Dtype, bytes: rest[:n]}
			rest = rest[n:]
		}
	}
	return all, nil
}

// size is how many numbers a table has; less than none when it has too many.
func size(shape []int) int {
	n := 1
	for _, d := range shape {
		if d < 0 || d > 1<<20 || n > maxArchive/max(d, 1) {
			return -1
		}
		n *= d
	}
	return n
}

// floats gives the numbers of a table, which must have this shape; a place of
// one more at its front does no harm.
func (t *tensors) floats(name string, shape ...int) []float32 {
	got, ok := t.named[name]
	numbers := make([]float32, max(size(shape), 0))
	switch {
	case !ok:
		t.faults = append(t.faults, fmt.Errorf("%s is missing", name))
	case got.kind != "float32":
		t.faults = append(t.faults, fmt.Errorf("%s: numbers of kind %q, want float32", name, got.kind))
	case !slices.Equal(trim(got.shape, len(shape)), shape):
		t.faults = append(t.faults, fmt.Errorf("%s: shape %v, want %v", name, got.shape, shape))
	default:
		for i := range numbers {
			numbers[i] = math.Float32frombits(binary.LittleEndian.Uint32(got.bytes[4*i:]))
			if v := numbers[i]; v-v != 0 {
				t.faults = append(t.faults, fmt.Errorf("%s: number %d is not finite", name, i))
				return numbers
			}
		}
	}
	return numbers
}

// trim leaves ones at the front of a shape out until it has n places.
func trim(shape []int, n int) []int {
	for len(shape) > n && shape[0] == 1 {
		shape = shape[1:]
	}
	return shape
}

// width gives one size of a table's shape, 0 when there is none.
func (t *tensors) width(name string, place int) int {
	shape := t.named[name].shape
	if place >= len(shape) {
		t.faults = append(t.faults, fmt.Errorf("%s is missing, or has another shape", name))
		return 0
	}
	return shape[place]
}

// count gives a table's only number.
func (t *tensors) count(name string) int {
	got := t.named[name]
	if got.kind != "int32" || len(got.bytes) != 4 {
		t.faults = append(t.faults, fmt.Errorf("%s is missing, or no whole number", name))
		return 0
	}
	return int(int32(binary.LittleEndian.Uint32(got.bytes)))
}

// err tells all faults.
func (t *tensors) err() error {
	if len(t.faults) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrPackage, errors.Join(t.faults...))
}
