//go:build answers

package match

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/flows/encoder"
)

const (
	draws = 5
	all   = 0 // phrasings of an answer
)

// TestMeasure prints the tables of docs/answers.md.
func TestMeasure(t *testing.T) {
	if *dataFolder == "" {
		t.Fatal("which folder holds the data? -data folder")
	}
	sets := []*set{banking(t), clinc(t)}
	measureAll("words and letters", sets, Options{Languages: []string{"en"}})
	measureTime(sets, Options{Languages: []string{"en"}})
	if *encoderFile == "" {
		return
	}
	data, err := os.ReadFile(*encoderFile)
	if err != nil {
		t.Fatal(err)
	}
	e, err := encoder.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	measureAll("with the encoder", sets, Options{Languages: []string{"en"}, Encoder: &remembering{Encoder: e, kept: map[string][]float32{}}})
	measureTime(sets, Options{Languages: []string{"en"}, Encoder: e})
}

func measureAll(title string, sets []*set, o Options) {
	fmt.Printf("\n%s (mean ± standard deviation of %d draws)\n\n", title, draws)
	fmt.Println("| | accuracy | among three | answered at once, rightly | of those answered, right | offered a choice | out of scope: AUROC | not answered | none |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|")
	for _, s := range sets {
		for _, named := range []bool{false, true} {
			for _, k := range []int{5, 10, all} {
				times := draws
				if k == all && !*full {
					continue
				}
				if k == all {
					times = 1
				}
				var rows []figures
				for seed := range times {
					rows = append(rows, measure(Learn(s.draw(k, seed, named), o), s.test, s.others))
				}
				row(fmt.Sprintf("%s, %s, %s", s.name, perAnswer(k), map[bool]string{false: "without names", true: "with names"}[named]), rows)
			}
		}
	}
	measureSlips(sets[0], o)
	measureFew(sets, o)
}

func perAnswer(k int) string {
	if k == all {
		return "all"
	}
	return fmt.Sprintf("%d an answer", k)
}

func measureSlips(s *set, o Options) {
	for slips := range 3 {
		var all []figures
		for seed := range draws {
			chance := rand.New(rand.NewPCG(7, uint64(seed)))
			questions := slices.Clone(s.test)
			for i := range questions {
				questions[i].text = mistype(questions[i].text, slips, chance)
			}
			all = append(all, measure(Learn(s.draw(10, seed, false), o), questions, nil))
		}
		row(fmt.Sprintf("%s, 10 an answer, %d slips", s.name, slips), all)
	}
}

// measureFew prints small files: the others are of the same trade, or of none.
func measureFew(sets []*set, o Options) {
	far := sets[1].others
	for _, n := range []int{1, 3, 10} {
		for _, k := range []int{2, 5} {
			var near, none []figures
			for _, s := range sets {
				for seed := range 2 * draws {
					lessons, in, others, nothing := s.few(n, k, seed, far)
					m := Learn(lessons, o)
					near = append(near, measure(m, in, others))
					none = append(none, measure(m, in, nothing))
				}
			}
			row(fmt.Sprintf("%d answers of %d examples, against the same trade", n, k), near)
			row(fmt.Sprintf("%d answers of %d examples, against anything", n, k), none)
		}
	}
}

func measureTime(sets []*set, o Options) {
	fmt.Println("\n| | learning | memory | p50 | p99 |\n|---|---|---|---|---|")
	for _, s := range sets {
		lessons := s.draw(10, 0, true)
		before := heap()
		start := time.Now()
		m := Learn(lessons, o)
		learned := time.Since(start)
		size := heap() - before
		for _, q := range s.test[:500] {
			m.Ask(q.text)
		}
		var took []time.Duration
		for _, q := range s.test {
			start := time.Now()
			m.Ask(q.text)
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		fmt.Printf("| %s, 10 an answer | %.2f s | %.1f MB | %v | %v |\n", s.name, learned.Seconds(), float64(size)/1e6,
			took[len(took)/2].Round(time.Microsecond), took[len(took)*99/100].Round(time.Microsecond))
		runtime.KeepAlive(m)
	}
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// figures are shares, by the column of the table.
type figures map[string]float64

var columns = strings.Fields("accuracy three rightly precision offered auroc refused none")

func row(title string, all []figures) {
	fmt.Printf("| %s |", title)
	for _, column := range columns {
		var values []float64
		for _, f := range all {
			if x, ok := f[column]; ok {
				values = append(values, x)
			}
		}
		fmt.Print(" ", spread(values), " |")
	}
	fmt.Println()
}

func spread(values []float64) string {
	if len(values) == 0 {
		return ""
	}
	var sum, squares float64
	for _, x := range values {
		sum += x
	}
	mean := sum / float64(len(values))
	for _, x := range values {
		squares += (x - mean) * (x - mean)
	}
	if len(values) == 1 {
		return fmt.Sprintf("%.1f", 100*mean)
	}
	return fmt.Sprintf("%.1f ± %.1f", 100*mean, 100*math.Sqrt(squares/float64(len(values))))
}

func measure(m *Model, questions []asked, others []string) figures {
	var in, out []float64
	count := map[string]float64{}
	for _, q := range questions {
		reply := m.Ask(q.text)
		in = append(in, reply.Score)
		at := slices.IndexFunc(reply.Guesses, func(g Guess) bool { return g.Lesson == q.class })
		count["three"] += yes(at >= 0)
		count["accuracy"] += yes(at == 0)
		count["sure"] += yes(reply.Sureness == Sure)
		count["rightly"] += yes(reply.Sureness == Sure && at == 0)
		count["offered"] += yes(reply.Sureness == Unsure)
	}
	f := figures{}
	maps.Copy(f, count)
	for _, column := range []string{"accuracy", "three", "rightly", "offered"} {
		f[column] /= float64(len(questions))
	}
	f["precision"] = count["rightly"] / max(1, count["sure"])
	if len(others) == 0 {
		return f
	}
	for _, text := range others {
		reply := m.Ask(text)
		out = append(out, reply.Score)
		f["refused"] += yes(reply.Sureness != Sure) / float64(len(others))
		f["none"] += yes(reply.Sureness == None) / float64(len(others))
	}
	f["auroc"] = auroc(in, out)
	return f
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// auroc is how often one of in scores above one of out; half of the ties count.
func auroc(in, out []float64) float64 {
	slices.Sort(in)
	slices.Sort(out)
	var above float64
	below, upTo := 0, 0
	for _, x := range in {
		for below < len(out) && out[below] < x {
			below++
		}
		upTo = max(upTo, below)
		for upTo < len(out) && out[upTo] == x {
			upTo++
		}
		above += float64(below) + float64(upTo-below)/2
	}
	return above / float64(len(in)*len(out))
}
