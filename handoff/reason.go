package handoff

// Why is the ticket's reason in words, for the agent who reads it.
func (t Ticket) Why() string {
	switch t.Reason {
	case "asked":
		return "the customer asked for a person"
	case "chosen":
		return "the customer chose to talk to a person"
	case "not_understood":
		return "the bot did not understand"
	case "tries":
		return "a question was answered wrongly too often"
	case "flow":
		return "the flow leads to a person here"
	case "loop":
		return "the flow went round in circles"
	case "fault":
		return "the bot failed at this message"
	default:
		return t.Reason
	}
}
