// Package carry knows what the channels can carry and makes what is to be said
// fit: choices become buttons, a list or numbers in the text, what is too long
// becomes several messages. The check proves with it and the program sends with
// it, so that both speak of the same. It sends nothing and knows no flow.
package carry
