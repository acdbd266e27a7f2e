package encoder

import "math"

// plain is the model as the paper has it, in numbers of 64 bits and without a
// thought of speed: what Encode is compared with.
type plain struct {
	t    *tensors
	size shape
}

type rowsOf [][]float64

func (p plain) point(ids []int32) []float64 {
	x := p.begin(ids)
	for i := range p.size.layers {
		x = p.layer(x, i)
	}
	mean := make([]float64, p.size.width)
	for _, row := range x {
		for i, v := range row {
			mean[i] += v / float64(len(x))
		}
	}
	last := p.times(rowsOf{mean}, tables+"hidden_layers/tanh_layer_0/weights", tables+"hidden_layers/tanh_layer_0/bias")[0]
	var square float64
	for i, v := range last {
		last[i] = math.Tanh(v)
		square += last[i] * last[i]
	}
	for i := range last {
		last[i] /= math.Sqrt(square)
	}
	return last
}

func (p plain) begin(ids []int32) rowsOf {
	var x rowsOf
	numbers, speeds := p.numbers(pieceRows), p.numbers(waves)
	for place, id := range ids {
		row := make([]float64, p.size.embed)
		for i := range row {
			row[i] = 2 * numbers[int(id)*p.size.embed+i]
		}
		for i, speed := range speeds {
			row[i] += math.Sin(float64(place) * speed)
			row[len(speeds)+i] += math.Cos(float64(place) * speed)
		}
		x = append(x, row)
	}
	return x
}

func (p plain) layer(x rowsOf, i int) rowsOf {
	n := string(rune('0' + i))
	at := trained + "Layer_" + n + "/TransformerLayer/"
	kept := x
	if i == 0 {
		kept = p.times(x, folded+at+"dense/kernel"+together, folded+at+"dense/bias"+together)
	}
	asked := p.times(p.norm(x, folded+at), tables+at+"MultiheadAttention/qkv_transform_single/kernel/part_0",
		folded+at+"MultiheadAttention/qkv_transform_single/bias"+together)
	x = plus(kept, p.times(p.attend(asked), tables+at+"MultiheadAttention/output_transform_single/kernel/part_0",
		folded+at+"MultiheadAttention/output_transform_single/bias"+together))
	up := p.times(p.norm(x, folded+at+"FFN/"), upName(i), folded+at+"FFN/conv1/bias"+together)
	for _, row := range up {
		for i := range row {
			row[i] = max(row[i], 0)
		}
	}
	return plus(x, p.times(up, folded+stack+"Layer_"+n+"/TransformerLayer/FFN/conv2/Tensordot/Reshape_1", folded+at+"FFN/conv2/bias"+together))
}

func (p plain) attend(asked rowsOf) rowsOf {
	width := len(asked[0]) / 3
	size := width / p.size.heads
	found := make(rowsOf, len(asked))
	for r := range asked {
		for h := 0; h < width; h += size {
			weights, total := make([]float64, len(asked)), 0.0
			for o := range asked {
				for i := range size {
					weights[o] += asked[r][h+i] * asked[o][width+h+i] / math.Sqrt(float64(size))
				}
				weights[o] = math.Exp(weights[o])
				total += weights[o]
			}
			for i := range size {
				var v float64
				for o := range asked {
					v += weights[o] / total * asked[o][2*width+h+i]
				}
				found[r] = append(found[r], v)
			}
		}
	}
	return found
}

func (p plain) norm(x rowsOf, at string) rowsOf {
	at += "layer_prepostprocess/layer_norm/layer_norm_"
	scale, bias := p.numbers(at+"scale"+together), p.numbers(at+"bias"+together)
	out := make(rowsOf, len(x))
	for r, row := range x {
		var mean, variance float64
		for _, v := range row {
			mean += v / float64(len(row))
		}
		for _, v := range row {
			variance += (v - mean) * (v - mean) / float64(len(row))
		}
		for i, v := range row {
			out[r] = append(out[r], (v-mean)/math.Sqrt(variance+1e-6)*scale[i]+bias[i])
		}
	}
	return out
}

func (p plain) times(x rowsOf, name, bias string) rowsOf {
	weights, add := p.numbers(name), p.numbers(bias)
	out := make(rowsOf, len(x))
	for r, row := range x {
		out[r] = append(out[r], add...)
		for i, v := range row {
			for c := range add {
				out[r][c] += v * weights[i*len(add)+c]
			}
		}
	}
	return out
}

func plus(x, y rowsOf) rowsOf {
	out := make(rowsOf, len(x))
	for r := range x {
		for i := range x[r] {
			out[r] = append(out[r], x[r][i]+y[r][i])
		}
	}
	return out
}

func (p plain) numbers(name string) []float64 {
	bytes := p.t.named[name].bytes
	out := make([]float64, len(bytes)/4)
	for i := range out {
		out[i] = float64(math.Float32frombits(uint32(bytes[4*i]) | uint32(bytes[4*i+1])<<8 | uint32(bytes[4*i+2])<<16 | uint32(bytes[4*i+3])<<24))
	}
	return out
}

func cosine(a []float32, b []float64) float64 {
	var dot, x, y float64
	for i, v := range a {
		dot += float64(v) * b[i]
		x += float64(v) * float64(v)
		y += b[i] * b[i]
	}
	return dot / math.Sqrt(x*y)
}
