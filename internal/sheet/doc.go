// Package sheet reads and writes the rows of spreadsheets (.xlsx, .csv) and
// knows no kind, unit or person: packages above it map rows.
//
// Reading streams. The file is looked through once for what streaming cannot
// tell in time (its width, merged cells, formulas without a value, a cut end),
// then row by row. Limits come first: an office file of 100 KB can otherwise
// take a minute and all memory.
//
// Cells come as the sheet shows them where that is another value: a day, a
// percentage, leading zeros, a unit behind the number; a long code keeps its
// digits. Everything else is raw. Date, Number and Exact turn cells into values
// exactly.
package sheet
