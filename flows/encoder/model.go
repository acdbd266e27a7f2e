package encoder

// model is what a file holds. It is read only.
type model struct {
	shape     shape
	pieces    pieces
	embedding embedding
	waves     []float32 // what a place in the sentence is multiplied with before its sine and cosine
	layers    []layer
	last      matrix
}

// embedding has the numbers of each piece.
type embedding struct {
	steps  []float32 // what one level of a piece is worth
	levels []byte    // signed, one piece after the other
}

// layer is one transformer layer. What comes in is kept and added to what
// attention makes of it; that is kept and added to what the second half makes
// of it.
type layer struct {
	attendNorm layerNorm
	ask        matrix // to queries, keys and values, side by side
	join       matrix // what the heads found, side by side, to the model's width
	widen      matrix // what is kept to the model's width; the first layer's only
	thinkNorm  layerNorm
	up, down   matrix
}

// layerNorm brings numbers to mean 0 and variance 1, and then to a learnt scale and bias.
type layerNorm struct{ scale, bias []float32 }

// matrix multiplies and adds a bias.
//
// Weights are levels of -127 to 127 and stand in panels of 16 columns: two rows
// of the first column, two of the second, and so on to the sixteenth; then the
// next two rows.
type matrix struct {
	in, out int
	steps   []float32 // what one level of a column is worth
	bias    []float32
	levels  []byte
}

// panel gives the weights of the 16 columns from the given one.
func (m *matrix) panel(column int) []byte {
	return m.levels[column*m.in : (column+columns)*m.in]
}
