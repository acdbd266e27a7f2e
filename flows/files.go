package flows

// Files are the files that a set of flows is read from, as one value that can be
// stored: the flow file and what it includes.
type Files struct {
	Root    string            // the name of the flow file itself
	Content map[string][]byte // by name, with slashes, relative to the folder of the flow file
}
