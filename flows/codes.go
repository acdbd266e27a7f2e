package flows

import "frontdesk/flows/source"

// The codes of findings. They are stable: each is explained in flows/explain,
// none is reused for something else.
const (
	codeSyntax     = "F101" // not YAML, too large, not UTF-8, tabs
	codeUnknownKey = "F102" // a key nobody knows
	codeMisplaced  = "F103" // a key or target that cannot be used here
	codeDuplicate  = "F104" // something twice
	codeMissing    = "F105" // a key that must be there
	codeType       = "F106" // another kind of value than is meant
	codeValue      = "F107" // the right kind of value, but not acceptable
	codeName       = "F108" // a name that is not allowed
	codeTogether   = "F109" // keys that exclude or need one another
	codeExpression = "F110" // an expression that cannot be used
	codePattern    = "F111" // a regular expression
	codeFile       = "F112" // a file that cannot be included
	codeHours      = "F113" // days and times
	codeLanguage   = "F114" // a language that is none, or not one of the file's
	codeAddress    = "F115" // the address of a call or a file
	codePlural     = "F116" // plural forms

	codeFlow      = "F201" // unknown flow
	codeQueue     = "F202" // unknown queue
	codeState     = "F203" // unknown state
	codeAmbiguous = "F204" // a state and a flow of the same name
	codeVariable  = "F205" // unknown variable, or a part that it does not have
	codeText      = "F206" // a translation of nothing

	codeUnreachable = "F301" // never reached
	codeNoWayOut    = "F302" // no way out
	codeCycle       = "F303" // goes round without a customer's message
	codeNoPerson    = "F304" // no way to a person
	codeTitles      = "F305" // two choices of a state alike
	codeWords       = "F306" // the same words for two things
	codeShadowed    = "F307" // what is typed means something else, that is asked first
	codeTakesAll    = "F308" // choices under a question that takes every text
	codeCommonWord  = "F309" // a handoff word that is in every other sentence
	codeNoElse      = "F310" // conditions without an else, or behind it
	codeUnset       = "F311" // a variable that may not be set yet
	codeKinds       = "F312" // a variable of two types
	codeUnproven    = "F313" // a field of an answer that may be missing
	codeNoReturn    = "F314" // a flow is called, and it is not said where to go on
	codeNobodyCalls = "F315" // a flow returns, and nothing calls it
	codeShut        = "F316" // said when the window may be shut
	codeUntold      = "F317" // a text that is missing in a language
	codeBubbles     = "F318" // more messages than needed
	codeFixed       = "F319" // a condition that is always the same
	codeAlone       = "F320" // nobody is there for as long as a window is open
	codeFew         = "F321" // an answer with too few examples
	codeFight       = "F322" // an example that asks for another answer as well

	codeManyChoices = "F401" // more choices than a list holds
	codeLongTitle   = "F402" // a title too long for a list
	codeLongButton  = "F403" // a title too long for a button
	codeLongText    = "F404" // a text too long for one message
	codeNoTemplate  = "F405" // a template that a channel cannot send
	codeLongChoices = "F406" // a text too long for the choices under it
)

var readerCodes = source.Codes{
	Syntax: codeSyntax, Unknown: codeUnknownKey, Refused: codeMisplaced, Duplicate: codeDuplicate,
	Missing: codeMissing, Type: codeType, Value: codeValue,
}
