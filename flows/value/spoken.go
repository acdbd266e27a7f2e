package value

// phrase reads a day counted from today, and goes over what only looks like one.
func (r *reader) phrase(i int) int {
	for _, p := range r.tongue.phrases {
		to := r.says(p, i)
		switch {
		case to == 0:
		case p.none:
			return to - i
		default:
			return r.add(hit{r.today.AddDate(0, 0, p.days), i, to, relative})
		}
	}
	return 0
}

// says is where a phrase ends that begins at a token, or 0. Marks may join its
// words: aujourd'hui, après-demain.
func (r *reader) says(p phrase, at int) int {
	for n, w := range p.words {
		if n > 0 && (r.at(at).kind == '\'' || r.at(at).kind == '-') {
			at++
		}
		if r.at(at).means.word != w {
			return 0
		}
		at++
	}
	return at
}

// weekday reads a day of the week. Its short forms are ordinary words in some
// languages ("so", "sat"), so they count only as the whole answer.
func (r *reader) weekday(i int) int {
	t := r.at(i)
	day, next := t.means.day, r.at(r.before(i)).means.next
	if day == 0 && (len(r.tokens) == 1 || len(r.tokens) == 2 && (next || r.at(i+1).kind == '.')) {
		day = t.means.short
	}
	if day == 0 {
		return 0
	}
	to := i + 1
	if r.at(to).means.morning {
		to++
	}
	for n := to; n < to+4 && r.at(n).kind != ',' && r.at(n).kind != '.'; n++ { // vendredi prochain, sexta-feira que vem
		next = next || r.at(n).means.next
	}
	ahead := (day - monday(r.today) + 7) % 7
	if ahead == 0 && next {
		ahead = 7
	}
	return r.add(hit{r.today.AddDate(0, 0, ahead), i, to, weekly})
}

// dayOf reads the day of the month behind a day of the week: "Saturday 28th",
// "samedi 28 à 20h" is the next Saturday that is one. What is counted or timed
// is no day: "Friday 4 people", "Freitag 19 Uhr".
func (r *reader) dayOf(i int) int {
	t, last := r.at(i), len(r.hits)-1
	if last < 0 || r.hits[last].kind != weekly || t.size > 2 || !r.light(r.hits[last].to, i) || r.at(i-1).means.at {
		return 0
	}
	to := r.ordinal(i + 1)
	behind := r.at(to)
	bare := to == i+1 && behind.kind != '.'
	if behind.means.clock || behind.kind == ':' && behind.glued || bare && behind.kind == word && !behind.means.filler && !behind.means.at {
		return 0
	}
	h := &r.hits[last]
	for weeks := range 9 { // further ahead nobody means it so
		if day := h.day.AddDate(0, 0, 7*weeks); day.Day() == t.number {
			h.day, h.to = day, to
			return to - i
		}
	}
	r.wrong = true
	return 0
}

// before is the place of the word before, over those without weight.
func (r *reader) before(i int) int {
	i--
	for i >= 0 && r.tokens[i].means.filler && !r.tokens[i].means.next {
		i--
	}
	return i
}
