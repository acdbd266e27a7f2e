package bot

import (
	"frontdesk/flows"
	"frontdesk/flows/carry"
)

// fit turns what a flow says at once into messages that the channel can carry.
func fit(say flows.Say, l Limits) []Message {
	return messages(carry.Fit(carry.Content(say), l.Limits))
}

// merged joins what is said one after the other where the channel needs fewer
// messages for it: each may cost money, and the customer reads one bubble.
func merged(effects []flows.Effect, l Limits) []flows.Effect {
	var out []flows.Effect
	for _, e := range effects {
		second, says := e.(flows.Say)
		if says && len(out) > 0 {
			if first, ok := out[len(out)-1].(flows.Say); ok {
				if joined, ok := carry.Join(carry.Content(first), carry.Content(second), l.Limits); ok {
					out[len(out)-1] = flows.Say(joined)
					continue
				}
			}
		}
		out = append(out, e)
	}
	return out
}

// spared is how many messages fewer the channel needs for what was merged.
func spared(said, joined []flows.Effect, l Limits) int {
	if len(said) == len(joined) {
		return 0
	}
	return pieces(said, l) - pieces(joined, l)
}

func pieces(effects []flows.Effect, l Limits) (n int) {
	for _, e := range effects {
		if say, ok := e.(flows.Say); ok {
			n += len(carry.Fit(carry.Content(say), l.Limits))
		}
	}
	return n
}

// plain is an agent's text in messages that the channel can carry.
func plain(text string, l Limits) []Message { return messages(carry.Plain(text, l.Limits)) }

func messages(parts []carry.Part) []Message {
	var out []Message
	for _, p := range parts {
		m := Message{Kind: KindText, Text: p.Text, Choices: p.Choices, Layout: p.Layout, Media: p.Media, Template: p.Template, Wants: p.Wants}
		if p.Media != nil {
			m.Kind = Kind(p.Media.Kind)
		}
		out = append(out, m)
	}
	return out
}
