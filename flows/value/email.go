package value

// Email is the one e-mail address in a text, its domain in lower case, at most
// 254 bytes. ok is false without one and with two different ones, and for
// what is an address in the standards only: quoted, with an address of a
// machine, or without a dot in its domain.
func Email(text string) (address string, ok bool) { return "", false }
