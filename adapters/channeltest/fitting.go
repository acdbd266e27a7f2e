package channeltest

import (
	"testing"

	"frontdesk/bot"
	"frontdesk/flows/carry"
)

// fits sends what carry.Fit makes of everything that a flow can say, as the bot
// does: every kind of file, alone, with words, and above choices; a template; a
// question for a place; each short and at the channel's limits.
func fits(t *testing.T, h Harness) {
	l := h.Channel.Limits()
	var messages []bot.Message
	for _, c := range contents(l) {
		parts := carry.Fit(c, l.Limits)
		if len(parts) == 0 {
			t.Errorf("nothing is made of %+v", c)
		}
		for _, p := range parts {
			messages = append(messages, bot.Message{
				Text: p.Text, Choices: p.Choices, Layout: p.Layout, Media: p.Media, Template: p.Template, Wants: p.Wants,
			})
		}
	}
	arrive(t, h, messages)
}

// contents is everything that can be said at once.
func contents(l bot.Limits) []carry.Content {
	texts := []string{"Look & <see>", fill(l.Unit, max(l.Caption, 1), "")}
	if l.PlaceText > 0 {
		texts = append(texts, fill(l.Unit, l.PlaceText, ""))
	}
	all := []carry.Content{{
		Text: "Hello Mara, we are still on A-9.",
		Template: &bot.Template{
			Name: "case_update", Language: "en_US", Params: []string{"Mara", "A-9"},
		},
	}, {Text: "We are still on it.", Template: &bot.Template{Name: "still_on_it", Language: "de"}}}
	for _, kind := range []bot.Kind{bot.KindImage, bot.KindVideo, bot.KindAudio, bot.KindDocument} {
		file := &bot.Media{Kind: string(kind), URL: "https://cdn.example/a%20b/%C3%A4?size=1&kind=" + string(kind)}
		if kind == bot.KindDocument {
			file.Filename = "Größen \"2026\".pdf"
		}
		all = append(all, carry.Content{Media: file})
		for _, text := range texts {
			all = append(all,
				carry.Content{Text: text, Media: file},
				carry.Content{Text: text, Media: file, Choices: choices(l.Unit, 2, 10)},
				carry.Content{Text: text, Media: file, Choices: choices(l.Unit, 8, 10)},
				carry.Content{Text: text, Media: file, Wants: bot.WantsLocation},
			)
		}
	}
	for _, text := range texts {
		all = append(all,
			carry.Content{Text: text, Wants: bot.WantsLocation},
			carry.Content{Text: text, Wants: bot.WantsLocation, Choices: choices(l.Unit, 2, 10)},
		)
	}
	return all
}
