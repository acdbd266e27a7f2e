package inbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/bot"
)

// message is the one at seq of a conversation.
func (d *desk) message(id string, seq uint64) bot.Message {
	d.t.Helper()
	list, err := d.store.Transcript(d.t.Context(), id, seq-1, 1)
	if err != nil || len(list) != 1 {
		d.t.Fatalf("message %d of %s: %v, %v", seq, id, list, err)
	}
	return list[0]
}

func notText(t testing.TB, body string, bad ...string) {
	t.Helper()
	for _, b := range bad {
		if strings.Contains(body, b) {
			t.Errorf("the page holds %q:\n%s", b, body)
		}
	}
}

func TestADraftSaysWhyItIsOneAndWhatCanBeDone(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	d.put(unsent(time.Now().UTC(), 25*time.Hour))
	const shut = "/inbox/c/c10mila"
	body := text(t, d.signedIn("ana").get(shut))
	wantText(t, body,
		"Not sent, kept as a draft: the platform allows no answer any more: the customer&#39;s last message is too old<",
		`formaction="/inbox/c/c10mila/reopen?tab=unassigned">Send the template, price unknown`,
		`id="note-2"`, `id="drop-2"`, `id="note-3"`, `id="drop-4"`)
	notText(t, body, `id="note-4"`, `id="use-`, "Answer on")
	notText(t, text(t, d.signedIn("ben").get(shut)), `id="drop-`, `id="ways"`)
}

func TestADraftIsUsedAsAnswerInAWindowThatIsOpenAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	d.put(unsent(time.Now().UTC(), time.Hour))
	b := d.signedIn("ana")
	const at = "/inbox/c/c10mila"
	body := text(t, b.get(at))
	wantText(t, body, `href="/inbox/c/c10mila?tab=unassigned&amp;draft=c10mila-2">Use as answer</a>`, `id="use-4"`)
	notText(t, body, "Send the template")

	body = text(t, b.get(at+"?draft=c10mila-2"))
	wantText(t, body, ">Your bike is ready since noon.</textarea>", `id="reply-draft" value="c10mila-2"`, `id="from-draft" data-keep>`)
	refused := url.Values{"text": {strings.Repeat("x", textMax+1)}, "draft": {"c10mila-2"}}
	wantText(t, text(t, b.post(at+"/reply", refused)), `id="reply-draft" value="c10mila-2"`)
	answer := url.Values{"text": {"It is ready!"}, "nonce": {"n"}, "draft": {"c10mila-2"}}
	for range 2 { // pressed twice
		wantStatus(t, b.post(at+"/reply", answer), http.StatusSeeOther)
	}
	if m := d.message("c10mila", 2); m.State != bot.StateCancelled {
		t.Errorf("the draft is %s", m.State)
	}
	sent := len(d.replies("c10mila"))
	if got := d.replies("c10mila"); !slices.Contains(got, "It is ready!") {
		t.Errorf("replies %q", got)
	}
	answer.Set("nonce", "another tab")
	second := b.post(at+"/reply", answer)
	wantStatus(t, second, http.StatusConflict)
	wantText(t, text(t, second), "Not sent. Ana has answered with this draft already. What you wrote is kept.", "It is ready!</textarea>", `id="reply-draft" value=""`)
	if got := len(d.replies("c10mila")); got != sent {
		t.Errorf("%d replies after the second tab, %d before", got, sent)
	}
	body = text(t, b.get(at+"?draft=c10mila-2"))
	wantText(t, body, "Not sent: answered anew by Ana<", `id="reply-draft" value=""`)
	notText(t, body, `id="drop-2"`)
}

func TestADraftIsKeptAsANoteOrDiscarded(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	d.put(unsent(time.Now().UTC(), 25*time.Hour))
	b := d.signedIn("ana")
	const at = "/inbox/c/c10mila"
	wantStatus(t, d.signedIn("ben").post(at+"/draft/2/drop", nil), http.StatusConflict)
	wantStatus(t, b.post(at+"/draft/2/note", nil), http.StatusSeeOther)
	body := text(t, b.post(at+"/draft/4/drop?part=conversation", url.Values{"text": {"half an answer"}}))
	wantText(t, body, "Ana noted: Your bike is ready since noon.", "kept as a note by Ana<", "left by Ana<", "half an answer</textarea>")
	notText(t, body, `id="drop-2"`, `id="drop-4"`)
	again := b.post(at+"/draft/2/drop", nil)
	wantStatus(t, again, http.StatusConflict)
	wantText(t, text(t, again), "Ana has kept this draft as a note already.")
	for path, want := range map[string]int{"/draft/99/drop": http.StatusNotFound, "/draft/x/drop": http.StatusNotFound, "/draft/1/drop": http.StatusNotFound} {
		wantStatus(t, b.post(at+path, nil), want)
	}
}

func TestTheTemplateIsSentOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	d.put(unsent(time.Now().UTC(), 25*time.Hour))
	b := d.signedIn("ana")
	const at = "/inbox/c/c10mila"
	for range 2 { // pressed twice
		wantStatus(t, b.post(at+"/reopen", url.Values{"nonce": {"n"}}), http.StatusSeeOther)
	}
	if got := d.row("c10mila").Conversation.LastSeq; got != 6 { // the template and the note
		t.Errorf("%d messages", got)
	}
	body := text(t, b.get(at))
	wantText(t, body, "Template write_again", "Ana asked the customer to write again", "The template was sent ")
	notText(t, body, "Send the template")

	d.putSamples(time.Now().UTC())
	refused := b.post("/inbox/c/c6priya/reopen", nil) // Messenger has no templates
	wantStatus(t, refused, http.StatusUnprocessableEntity)
	wantText(t, text(t, refused), "Not sent: there is no template")
}

func TestWordsGoToAnotherConversationOfTheCustomer(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	now := time.Now().UTC()
	shut, open := unsent(now, 25*time.Hour), waiting("c11mila")
	d.put(shut)
	d.putOf("contactc10mila", open, shut)
	d.put(waiting("c12other"))
	b := d.signedIn("ana")
	body := text(t, b.get("/inbox/c/c10mila"))
	wantText(t, body, `href="/inbox/c/c11mila?tab=mine&amp;draft=c10mila-2">Answer on webchat</a>`, `formaction="/inbox/c/c11mila/compose?tab=mine"`)
	notText(t, body, "c12other/compose")
	wantText(t, text(t, b.post("/inbox/c/c11mila/compose?tab=mine", url.Values{"text": {"Typed in vain"}})), "Typed in vain</textarea>", `data-here="/inbox/c/c11mila?tab=mine"`)

	notText(t, text(t, b.get("/inbox/c/c12other?draft=c10mila-2")), "ready since noon.</textarea>")
	wantText(t, text(t, b.get("/inbox/c/c11mila?draft=c10mila-2")), "ready since noon.</textarea>")
	wantStatus(t, b.post("/inbox/c/c11mila/claim", nil), http.StatusSeeOther)
	answer := url.Values{"text": {"Your bike is ready since noon."}, "nonce": {"n"}, "draft": {"c10mila-2"}}
	wantStatus(t, b.post("/inbox/c/c11mila/reply", answer), http.StatusSeeOther)
	if m := d.message("c10mila", 2); m.State != bot.StateCancelled {
		t.Errorf("the draft is %s", m.State)
	}
	// Somebody else's draft is nobody's business here.
	answer["draft"], answer["nonce"] = []string{"c11mila-1"}, []string{"n2"}
	wantStatus(t, b.post("/inbox/c/c11mila/reply", answer), http.StatusSeeOther)
}

func TestAnAnswerThatCameTooLateHasWaysOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	late := unsent(time.Now().UTC(), 25*time.Hour)
	late.messages = late.messages[:1]
	d.put(late)
	b := d.signedIn("ana")
	const at = "/inbox/c/c10mila"
	r := b.post(at+"/reply", url.Values{"text": {"Half an hour of typing"}, "nonce": {"n"}})
	wantStatus(t, r, http.StatusUnprocessableEntity)
	wantText(t, text(t, r), "Half an hour of typing</textarea>", `id="ways"`, "Send the template, ", `formaction="/inbox/c/c10mila/note?tab=unassigned"`)
	r = b.post(at+"/reopen", url.Values{"text": {"Half an hour of typing"}, "nonce": {"n1"}})
	wantStatus(t, r, http.StatusOK)
	wantText(t, text(t, r), "Half an hour of typing</textarea>", "The template was sent ")
	wantStatus(t, b.post(at+"/note", url.Values{"text": {"Half an hour of typing"}, "nonce": {"n2"}}), http.StatusSeeOther)
	body := text(t, b.get(at))
	wantText(t, body, "Ana noted: Half an hour of typing")
	notText(t, body, "typing</textarea>")
	wantStatus(t, b.post(at+"/note", url.Values{"text": {" "}}), http.StatusUnprocessableEntity)
}
