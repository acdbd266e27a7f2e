package handoff

import "strings"

// Why is the ticket's reason in words, small letters first, to stand in a line
// of the transcript or, with a capital, in the inbox. A reason that it does not
// know is given as it is.
func (t Ticket) Why() string {
	switch t.Reason {
	case "asked":
		return "asked for a person"
	case "chosen":
		return "chose to talk to a person"
	case "not_understood":
		return "the bot did not understand"
	case "tries":
		return "could not answer the bot's question"
	case "flow":
		return "the flow hands over here"
	case "deadline":
		return "the window closes soon"
	case "closed":
		return "the window has closed"
	case "loop":
		return "the flow went in circles"
	case "unsent":
		return "an answer could not be sent"
	case "spend":
		return "the budget for messages is spent, or nearly"
	case "fault":
		return "the bot failed at this message"
	case "":
		return "handed over"
	default:
		return strings.ReplaceAll(t.Reason, "_", " ")
	}
}
