package points

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// asked counts how often the encoder is asked, and gives each text its own point.
type asked struct{ times int }

func (a *asked) encode(text string) func([]float32) {
	return func(dst []float32) {
		a.times++
		for i := range dst {
			dst[i] = float32(len(text)*10 + i)
		}
	}
}

func save(t *testing.T, c *Cache) {
	t.Helper()
	if err := c.Save(); err != nil {
		t.Fatal(err)
	}
}

func TestPointsAreKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "points.bin")
	var e asked
	c := Open(path, "v1", 3)
	want := c.Point("when", e.encode("when"))
	c.Point("where", e.encode("where"))
	c.Point("when", e.encode("when"))
	if e.times != 2 {
		t.Errorf("the encoder was asked %d times for two texts", e.times)
	}
	save(t, c)
	again := Open(path, "v1", 3)
	if got := again.Point("when", e.encode("when")); !slices.Equal(got, want) || e.times != 2 {
		t.Errorf("kept is %v, want %v; the encoder was asked %d times", got, want, e.times)
	}
	save(t, again) // forgets "where", which nothing asked for
	third := Open(path, "v1", 3)
	if third.Point("where", e.encode("where")); e.times != 3 {
		t.Error("what was not used was kept")
	}
}

func TestWhatIsNotSoundIsAsNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "points.bin")
	var e asked
	c := Open(path, "v1", 3)
	c.Point("when", e.encode("when"))
	save(t, c)
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	flipped := slices.Clone(sound)
	flipped[len(flipped)/2] ^= 1
	for name, src := range map[string][]byte{"cut": sound[:len(sound)-1], "flipped": flipped, "empty": {}, "longer": append(slices.Clone(sound), 0)} {
		if err := os.WriteFile(path, src, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := Open(path, "v1", 3); len(got.by) != 0 {
			t.Errorf("%s: %d points are believed", name, len(got.by))
		}
	}
	if err := os.WriteFile(path, sound, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := Open(path, "v2", 3); len(got.by) != 0 {
		t.Error("points of another version are believed")
	}
	if got := Open(path, "v1", 4); len(got.by) != 0 {
		t.Error("points of another size are believed")
	}
	if got := Open(path, "v1", 3); len(got.by) != 1 {
		t.Errorf("%d points of a sound file", len(got.by))
	}
}

func TestNothingIsWrittenWhenNothingChanged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "points.bin")
	var e asked
	c := Open(path, "v1", 3)
	c.Point("when", e.encode("when"))
	save(t, c)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	c.Point("when", e.encode("when"))
	save(t, c)
	if _, err := os.Stat(path); err == nil {
		t.Error("the file was written again")
	}
}

func TestWhatCannotBeReadIsAsNothingAndTellsSoWhenItIsKept(t *testing.T) {
	t.Parallel()
	var e asked
	c := Open(t.TempDir(), "v1", 3) // a folder stands in its place
	if got := c.Point("when", e.encode("when")); len(got) != 3 {
		t.Errorf("the point is %v", got)
	}
	if err := c.Save(); err == nil {
		t.Error("it is said to be kept in the place of a folder")
	}
}
