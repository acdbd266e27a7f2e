package boltstore

import (
	"frontdesk/bot"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// What the records of formats 1 and 2 say, as it is named now. What came later
// they do not know.

func (r contactRecord) contact() bot.Contact {
	return bot.Contact{ID: r.ID, Name: r.Name, Language: r.Language, Aliases: r.Aliases, CreatedAt: r.CreatedAt}
}

func (r messageRecord) message() bot.Message {
	return bot.Message{
		Conversation: r.Conversation, Seq: r.Seq, Author: r.Author, Agent: r.Agent, Kind: r.Kind, Text: r.Text,
		ChoiceID: r.ChoiceID, Choices: r.Choices, Layout: r.Layout, Media: r.Media, Template: r.Template, Location: r.Location,
		Wants: r.Wants, ExternalID: r.ExternalID, At: r.At, State: r.State, StateAt: r.StateAt, Code: r.Code, Reason: r.Reason,
	}
}

func (r ticketRecord) ticket() handoff.Ticket {
	return handoff.Ticket{
		ID: r.ID, Conversation: r.Conversation, Queue: r.Queue, Reason: r.Reason, Note: r.Note, Words: r.Words,
		OpenedAt: r.OpenedAt, PromisedBy: r.PromisedBy, WindowCloses: r.WindowCloses, Agent: r.Agent, ClaimedAt: r.ClaimedAt,
		FirstReplyAt: r.FirstReplyAt, ClosedAt: r.ClosedAt,
	}
}

func (r deliveryRecord) delivery() bot.Delivery {
	return bot.Delivery{
		Conversation: r.Conversation, Seq: r.Seq, Author: r.Author, Epoch: r.Epoch, Attempts: r.Attempts, DueAt: r.DueAt,
		BegunAt: r.BegunAt, Unknown: r.Unknown, Cancel: r.Cancel, Courtesy: r.Courtesy,
	}
}

func (r stateRecord) state() flows.State {
	return flows.State{
		Version: r.Version, Flow: r.Flow, Node: r.Node, Vars: r.Vars, Language: r.Language, Chosen: r.Chosen,
		Stack: r.Stack, Trace: r.Trace, Tries: r.Tries, Misses: r.Misses, Missed: r.Missed, Told: r.Told,
	}
}
