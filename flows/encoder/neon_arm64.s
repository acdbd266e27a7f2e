#include "textflag.h"

// The assembler does not know these by name: products of halfwords and one of
// them, added to words, and bytes widened to halfwords.
#define ELEMENT(m, i) ((i)&4)<<9 | ((i)&2)<<20 | ((i)&1)<<20 | (m)<<16
#define SMLAL(d, n, m, i) WORD $(0x0F402000 | ELEMENT(m, i) | (n)<<5 | (d))
#define SMLAL2(d, n, m, i) WORD $(0x4F402000 | ELEMENT(m, i) | (n)<<5 | (d))
#define SXTL(d, n) WORD $(0x0F08A400 | (n)<<5 | (d))
#define SXTL2(d, n) WORD $(0x4F08A400 | (n)<<5 | (d))

// One level of row m times the 16 weights in the registers low and high; the sums are in d to d+3.
#define ROW(d, m, i, low, high) \
	SMLAL((d), low, m, i)    \
	SMLAL2((d)+1, low, m, i) \
	SMLAL((d)+2, high, m, i) \
	SMLAL2((d)+3, high, m, i)

// Two weights of each column times two levels of each row. Loading takes the first weights of all
// columns and the second ones apart.
#define PAIR(i) \
	VLD2.P 32(R2), [V0.B16, V1.B16] \
	SXTL(2, 0)                      \
	SXTL2(3, 0)                     \
	SXTL(4, 1)                      \
	SXTL2(5, 1)                     \
	ROW(16, 6, i, 2, 3)             \
	ROW(20, 7, i, 2, 3)             \
	ROW(24, 8, i, 2, 3)             \
	ROW(28, 9, i, 2, 3)             \
	ROW(16, 6, i+1, 4, 5)           \
	ROW(20, 7, i+1, 4, 5)           \
	ROW(24, 8, i+1, 4, 5)           \
	ROW(28, 9, i+1, 4, 5)

// func multiplyNEON(to *sums, rows *int16, panel *byte, width int)
//
// V16 to V31 are the sums, four for each row. Each round takes eight levels of
// each row.
TEXT ·multiplyNEON(SB), NOSPLIT, $0-32
	MOVD to+0(FP), R0
	MOVD rows+8(FP), R4
	MOVD panel+16(FP), R2
	MOVD width+24(FP), R3
	ADD R3<<1, R4, R5
	ADD R3<<1, R5, R6
	ADD R3<<1, R6, R7
	VEOR V16.B16, V16.B16, V16.B16
	VEOR V17.B16, V17.B16, V17.B16
	VEOR V18.B16, V18.B16, V18.B16
	VEOR V19.B16, V19.B16, V19.B16
	VEOR V20.B16, V20.B16, V20.B16
	VEOR V21.B16, V21.B16, V21.B16
	VEOR V22.B16, V22.B16, V22.B16
	VEOR V23.B16, V23.B16, V23.B16
	VEOR V24.B16, V24.B16, V24.B16
	VEOR V25.B16, V25.B16, V25.B16
	VEOR V26.B16, V26.B16, V26.B16
	VEOR V27.B16, V27.B16, V27.B16
	VEOR V28.B16, V28.B16, V28.B16
	VEOR V29.B16, V29.B16, V29.B16
	VEOR V30.B16, V30.B16, V30.B16
	VEOR V31.B16, V31.B16, V31.B16

round:
	VLD1.P 16(R4), [V6.H8]
	VLD1.P 16(R5), [V7.H8]
	VLD1.P 16(R6), [V8.H8]
	VLD1.P 16(R7), [V9.H8]
	PAIR(0)
	PAIR(2)
	PAIR(4)
	PAIR(6)
	SUBS $8, R3, R3
	BGT round

	VST1.P [V16.S4, V17.S4, V18.S4, V19.S4], 64(R0)
	VST1.P [V20.S4, V21.S4, V22.S4, V23.S4], 64(R0)
	VST1.P [V24.S4, V25.S4, V26.S4, V27.S4], 64(R0)
	VST1.P [V28.S4, V29.S4, V30.S4, V31.S4], 64(R0)
	RET
