// Package sifen is the root of 四分, a platform with which a Chinese district runs household waste sorting and proves
// what it did. It holds no code; tests here keep the structure.
package sifen
