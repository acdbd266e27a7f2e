//go:build answers

// What the matcher reaches on public data sets, as the tables of
// docs/answers.md. Run by `make answers DATA=folder`.

package match

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"frontdesk/flows/encoder"
)

var (
	dataFolder  = flag.String("data", "", "the folder with banking77-*.csv and clinc150-full.json")
	full        = flag.Bool("full", false, "learn from all phrasings, too; takes minutes")
	encoderFile = flag.String("encoder", "", "an installed encoder; without it only words and letters are measured")
)

// set is a data set: phrasings to learn from and messages to ask.
type set struct {
	name    string
	classes []string
	train   [][]string // by class
	test    []asked
	others  []string // of no class
}

type asked struct {
	text  string
	class int
}

func banking(t *testing.T) *set {
	s := &set{name: "BANKING77"}
	index := map[string]int{}
	for i, file := range []string{"banking77-train.csv", "banking77-test.csv"} {
		f, err := os.Open(filepath.Join(*dataFolder, file))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			s.take(index, row[0], row[1], i == 1)
		}
	}
	return s
}

func clinc(t *testing.T) *set {
	data, err := os.ReadFile(filepath.Join(*dataFolder, "clinc150-full.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string][][2]string
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	s := &set{name: "CLINC150"}
	index := map[string]int{}
	for _, row := range all["train"] {
		s.take(index, row[0], row[1], false)
	}
	for _, row := range all["test"] {
		s.take(index, row[0], row[1], true)
	}
	for _, row := range all["oos_test"] {
		s.others = append(s.others, row[0])
	}
	return s
}

func (s *set) take(index map[string]int, text, class string, test bool) {
	c, known := index[class]
	if !known {
		c = len(s.classes)
		index[class] = c
		s.classes = append(s.classes, class)
		s.train = append(s.train, nil)
	}
	if test {
		s.test = append(s.test, asked{text, c})
		return
	}
	s.train[c] = append(s.train[c], text)
}

// draw gives k phrasings of each class. The seed fixes which.
func (s *set) draw(k, seed int, named bool) []Lesson {
	chance := rand.New(rand.NewPCG(uint64(k), uint64(seed)))
	lessons := make([]Lesson, len(s.classes))
	for c, phrasings := range s.train {
		if named {
			lessons[c].Name = s.classes[c]
		}
		for i, e := range chance.Perm(len(phrasings)) {
			if k == all || i < k {
				lessons[c].Examples = append(lessons[c].Examples, phrasings[e])
			}
		}
	}
	return lessons
}

// few is a small file: n classes with k phrasings each, messages of those
// classes, messages of others of the same set, and of no class at all.
func (s *set) few(n, k, seed int, far []string) (lessons []Lesson, in []asked, near, none []string) {
	chance := rand.New(rand.NewPCG(uint64(1000*n+k), uint64(seed)))
	order := chance.Perm(len(s.classes))
	place := map[int]int{}
	for i, c := range order[:n] {
		place[c] = i
		l := Lesson{Name: s.classes[c]}
		for _, e := range chance.Perm(len(s.train[c]))[:k] {
			l.Examples = append(l.Examples, s.train[c][e])
		}
		lessons = append(lessons, l)
	}
	for _, q := range s.test {
		if i, ours := place[q.class]; ours {
			in = append(in, asked{q.text, i})
		} else if chance.IntN(30) == 0 {
			near = append(near, q.text)
		}
	}
	for _, text := range far {
		if chance.IntN(10) == 0 {
			none = append(none, text)
		}
	}
	return lessons, in, near, none
}

// mistype makes slips in a text: a neighbouring key, a letter left out or
// doubled, or two exchanged.
func mistype(text string, slips int, chance *rand.Rand) string {
	keys := []string{"qwertyuiop", "asdfghjkl", "zxcvbnm"}
	r := []rune(text)
	for range slips {
		if len(r) < 3 {
			break
		}
		at := 1 + chance.IntN(len(r)-2)
		switch chance.IntN(4) {
		case 0:
			r[at] = neighbour(keys, r[at], chance)
		case 1:
			r = append(r[:at:at], r[at+1:]...)
		case 2:
			r = append(r[:at+1:at+1], r[at:]...)
		default:
			r[at], r[at-1] = r[at-1], r[at]
		}
	}
	return string(r)
}

func neighbour(rows []string, key rune, chance *rand.Rand) rune {
	for _, row := range rows {
		for i, k := range row {
			if k == key {
				return rune(row[min(max(0, i-1+2*chance.IntN(2)), len(row)-1)])
			}
		}
	}
	return key
}

// remembering is an encoder that encodes no text twice: the draws share most of
// theirs.
type remembering struct {
	*encoder.Encoder
	busy sync.Mutex
	kept map[string][]float32
}

func (r *remembering) Encode(dst []float32, text string) {
	r.busy.Lock()
	point, known := r.kept[text]
	r.busy.Unlock()
	if !known {
		point = make([]float32, r.Size())
		r.Encoder.Encode(point, text)
		r.busy.Lock()
		r.kept[text] = point
		r.busy.Unlock()
	}
	copy(dst, point)
}
