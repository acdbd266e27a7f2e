package web_test

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"gopkg.in/yaml.v3"
)

// exported are all measurements with their labels, sorted, as "a, b".
func exported(t *testing.T) map[string]string {
	t.Helper()
	reg, stats, _ := measured(t)
	fill(stats)
	f := newFace(t, nil, nil)
	f.do("POST", "/webhooks/shop", strings.NewReader("{}"))
	all := map[string]string{}
	for _, r := range []prometheus.Gatherer{reg, f.reg} {
		families, err := r.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range families {
			var labels []string
			for _, l := range m.GetMetric()[0].GetLabel() {
				labels = append(labels, l.GetName())
			}
			slices.Sort(labels)
			all[m.GetName()] = strings.Join(labels, ", ")
		}
	}
	return all
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("../../docs/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestEveryMetricIsDocumentedWithItsLabels holds docs/monitoring.md and what is
// exported against each other, both ways.
func TestEveryMetricIsDocumentedWithItsLabels(t *testing.T) {
	t.Parallel()
	documented := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(frontdesk_[a-z_]+)` \\| ([a-z_, ]*)\\|").FindAllSubmatch(read(t, "monitoring.md"), -1) {
		labels := strings.Split(strings.TrimSpace(string(row[2])), ", ")
		slices.Sort(labels)
		documented[string(row[1])] = strings.Join(labels, ", ")
	}
	if diff := cmp.Diff(exported(t), documented); diff != "" {
		t.Errorf("docs/monitoring.md (-exported +documented):\n%s", diff)
	}
}

var (
	metric   = regexp.MustCompile(`frontdesk_[a-z0-9_]+`)
	selector = regexp.MustCompile(`(frontdesk_[a-z0-9_]+)\{([^}]*)\}`)
	by       = regexp.MustCompile(`by \(([^)]*)\)`)
	label    = regexp.MustCompile(`([a-z_]+)=`)
)

// isQuery checks an expression as far as can be without Prometheus: brackets
// match, and metrics and labels are there.
func isQuery(t *testing.T, at, expr string, all map[string]string) {
	t.Helper()
	for _, pair := range []string{"()", "{}", "[]"} {
		if strings.Count(expr, pair[:1]) != strings.Count(expr, pair[1:]) {
			t.Errorf("%s: %s do not match in %s", at, pair, expr)
		}
	}
	base := func(name string) (string, bool) {
		for _, suffix := range []string{"", "_bucket", "_count", "_sum"} {
			if labels, ok := all[strings.TrimSuffix(name, suffix)]; ok {
				return labels, true
			}
		}
		return "", false
	}
	var known []string
	for _, name := range metric.FindAllString(expr, -1) {
		labels, ok := base(name)
		if !ok {
			t.Errorf("%s: there is no %s", at, name)
		}
		known = append(known, strings.Split(labels, ", ")...)
	}
	for _, m := range selector.FindAllStringSubmatch(expr, -1) {
		labels, _ := base(m[1])
		for _, l := range label.FindAllStringSubmatch(m[2], -1) {
			if !slices.Contains(strings.Split(labels, ", "), l[1]) {
				t.Errorf("%s: %s has no label %s", at, m[1], l[1])
			}
		}
	}
	for _, m := range by.FindAllStringSubmatch(expr, -1) {
		for l := range strings.SplitSeq(m[1], ", ") {
			if l != "le" && !slices.Contains(known, l) {
				t.Errorf("%s: nothing there has the label %s", at, l)
			}
		}
	}
}

func TestTheAlertsNameWhatThereIs(t *testing.T) {
	t.Parallel()
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	d := yaml.NewDecoder(strings.NewReader(string(read(t, "alerts.yaml"))))
	d.KnownFields(true)
	if err := d.Decode(&file); err != nil {
		t.Fatal(err)
	}
	all, docs, n := exported(t), string(read(t, "monitoring.md")), 0
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			n++
			isQuery(t, r.Alert, r.Expr, all)
			if r.Annotations["summary"] == "" || r.Annotations["action"] == "" || (r.Labels["severity"] != "page" && r.Labels["severity"] != "ticket") {
				t.Errorf("%s says not what is the matter, what to do, or how bad it is", r.Alert)
			}
			if !strings.Contains(docs, "`"+r.Alert+"`") {
				t.Errorf("docs/monitoring.md does not say what to do about %s", r.Alert)
			}
		}
	}
	if n < 10 {
		t.Errorf("%d alerts", n)
	}
}

func TestTheDashboardShowsWhatThereIs(t *testing.T) {
	t.Parallel()
	var board struct {
		Panels []struct {
			ID          int
			Type, Title string
			GridPos     struct{ H, W, X, Y int }
			Targets     []struct{ Expr, LegendFormat string }
		}
	}
	if err := json.Unmarshal(read(t, "grafana/frontdesk.json"), &board); err != nil {
		t.Fatal(err)
	}
	all, shown, ids := exported(t), map[string]bool{}, map[int]bool{}
	var rows []string
	for _, p := range board.Panels {
		if ids[p.ID] || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("%s has the id of another panel, or no room", p.Title)
		}
		ids[p.ID] = true
		if p.Type == "row" {
			rows = append(rows, p.Title)
			continue
		}
		if len(p.Targets) == 0 {
			t.Errorf("%s shows nothing", p.Title)
		}
		for _, target := range p.Targets {
			isQuery(t, p.Title, target.Expr, all)
			for _, name := range metric.FindAllString(target.Expr, -1) {
				shown[name] = true
			}
		}
	}
	if diff := cmp.Diff([]string{"Ingest", "Answers", "Outbox", "People", "Windows", "Store", "Runtime"}, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !shown[name] && !shown[name+"_bucket"] && !shown[name+"_sum"] {
			t.Errorf("%s is shown nowhere", name)
		}
	}
}
