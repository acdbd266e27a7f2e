package flows

import "frontdesk/flows/source"

// The codes of findings. They are stable: documented in docs/flows.md, never
// reused for something else.
const (
	codeSyntax     = "F101" // not YAML, too large, not UTF-8, tabs
	codeUnknownKey = "F102" // a key nobody knows
	codeLaterKey   = "F103" // a key that cannot be used here or not in this version
	codeDuplicate  = "F104" // a key twice
	codeMissing    = "F105" // a key that must be there
	codeType       = "F106" // another kind of value than is meant
	codeValue      = "F107" // the right kind of value, but not acceptable
	codeName       = "F108" // a name that is not allowed
	codeTogether   = "F109" // keys that exclude or need one another
	codeExpression = "F110" // what stands between {{ and }}
	codePattern    = "F111" // a regular expression

	codeFlow      = "F201" // unknown flow
	codeQueue     = "F202" // unknown queue
	codeState     = "F203" // unknown state
	codeAmbiguous = "F204" // a state and a flow of the same name
	codeVariable  = "F205" // unknown variable

	codeUnreachable = "F301" // never reached
	codeNoWayOut    = "F302" // no way out
	codeCycle       = "F303" // goes round without a customer's message
	codeNoPerson    = "F304" // no way to a person
	codeTitles      = "F305" // two choices of a state alike
	codeWords       = "F306" // the same words for two things
	codeShadowed    = "F307" // a typed choice that the words of handoff take first
	codeTakesAll    = "F308" // choices under a question that takes every text
	codeCommonWord  = "F309" // a handoff word that is in every other sentence

	codeManyChoices = "F401" // more choices than a list holds
	codeLongTitle   = "F402" // a title too long for a list
	codeLongButton  = "F403" // a title too long for a button
	codeLongText    = "F404" // a text too long for one message
)

var readerCodes = source.Codes{
	Syntax: codeSyntax, Unknown: codeUnknownKey, Refused: codeLaterKey, Duplicate: codeDuplicate,
	Missing: codeMissing, Type: codeType, Value: codeValue,
}
