package value

// Phone is the one phone number in a text in E.164, such as "+491712345678". A
// number without a country's code is one of the country, an ISO 3166 code such
// as "DE"; without a country only numbers with "+" are read. ok is false without
// a number that can exist, and with two different ones.
func Phone(text, country string) (number string, ok bool) { return "", false }
