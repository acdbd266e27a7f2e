package encoder

import "math"

// weigh makes a matrix of numbers that stand row after row, and a bias of as many
// numbers as there are columns.
func weigh(in int, numbers, bias []float32) matrix {
	out := len(bias)
	m := matrix{in: in, out: out, bias: bias, steps: make([]float32, out), levels: make([]byte, in*out)}
	column := make([]float32, in)
	for c := range out {
		for r := range column {
			column[r] = numbers[r*out+c]
		}
		panel, at := m.panel(c/columns*columns), c%columns
		m.steps[c] = weighRow(column, func(r int, level int8) {
			panel[(r/2*columns+at)*2+r%2] = byte(level)
		})
	}
	return m
}

// embed makes levels of the numbers of pieces.
func embed(width int, numbers []float32) embedding {
	e := embedding{levels: make([]byte, len(numbers)), steps: make([]float32, len(numbers)/width)}
	for id := range e.steps {
		at := id * width
		e.steps[id] = weighRow(numbers[at:at+width], func(i int, level int8) { e.levels[at+i] = byte(level) })
	}
	return e
}

// weighRow finds levels of -127 to 127 for numbers, and tells what one is worth.
func weighRow(numbers []float32, set func(i int, level int8)) float32 {
	var most float64
	for _, v := range numbers {
		most = max(most, math.Abs(float64(v)))
	}
	if most == 0 {
		return 0
	}
	for i, v := range numbers {
		set(i, int8(math.RoundToEven(float64(v)*127/most)))
	}
	return float32(most / 127)
}
