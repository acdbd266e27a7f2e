package boltstore

import (
	"bytes"
	"fmt"
	"slices"

	"frontdesk/bot"
)

// nameOfAlias tells of a name as little as one needs to find it again: it may be
// a phone number.
func nameOfAlias(a bot.Alias) string {
	value := []rune(a.Value)
	return fmt.Sprintf("%s %s …%s", a.Channel, a.Kind, string(value[max(len(value)-3, 0):]))
}

func (i *inspection) contacts() error {
	return i.each(inContacts, func(k, b []byte) {
		i.out.Contacts++
		c, err := decodeContact(string(k), b)
		if err != nil {
			i.damaged("contact "+string(k), err)
			return
		}
		for _, a := range c.Aliases {
			i.named(c, a)
		}
		if len(i.conversationsOf(c.ID)) == 0 {
			i.found("contact "+c.ID, "it has no conversation", nil)
		}
	})
}

// named checks that a name of a contact leads to it. When it leads to another that
// has it too, this contact loses it: whoever writes by it is the other one already.
func (i *inspection) named(c bot.Contact, a bot.Alias) {
	where := "contact " + c.ID
	owner := i.get(inAliases, aliasKey(a))
	if string(owner) == c.ID {
		return
	}
	if other, err := i.contact(string(owner)); owner != nil && err == nil && slices.Contains(other.Aliases, a) {
		i.found(where, fmt.Sprintf("its name %s belongs to contact %s", nameOfAlias(a), owner), func(w *writer) error {
			c, err := w.contact(c.ID)
			if err != nil {
				return err
			}
			c.Aliases = slices.DeleteFunc(c.Aliases, func(b bot.Alias) bool { return b == a })
			return w.put(inContacts, []byte(c.ID), encodeContact(c))
		})
		return
	}
	i.found(where, fmt.Sprintf("its name %s does not lead to it", nameOfAlias(a)), writing(inAliases, aliasKey(a), []byte(c.ID)))
}

func (i *inspection) aliases() error {
	return i.each(inAliases, func(k, b []byte) {
		a, ok := readAliasKey(k)
		if !ok {
			i.found("aliases", fmt.Sprintf("%q is no name", k), removing(inAliases, k))
			return
		}
		c, err := i.contact(string(b))
		if void(err) && i.get(inContacts, b) != nil {
			return // told of the contact: it may have this name
		}
		if err != nil || !slices.Contains(c.Aliases, a) {
			i.found("name "+nameOfAlias(a), fmt.Sprintf("it leads to contact %s, which is not known by it", b), removing(inAliases, k))
		}
	})
}

func (i *inspection) byContact() error {
	return i.each(inByContact, func(k, b []byte) {
		contact, channel, _ := bytes.Cut(k, []byte{0})
		c, err := i.conversation(string(b))
		if void(err) && i.get(inConversations, conversationKey(string(b))) != nil {
			return // told of the conversation
		}
		if err != nil || c.Contact != string(contact) || c.Channel != string(channel) {
			i.found(fmt.Sprintf("contact %s on %s", contact, channel),
				fmt.Sprintf("it leads to conversation %s, which is not that", b), removing(inByContact, k))
		}
	})
}
