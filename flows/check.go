package flows

// check proves what must be true of the whole file, and says where it is not.
func (l *loader) check() {}
