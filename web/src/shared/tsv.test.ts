import { expect, test } from 'vitest'
import { parseCells } from './tsv'

test.each([
  ['one cell', '甲', [['甲']]],
  ['rows and columns', '甲\t1\r\n乙\t2\r\n', [['甲', '1'], ['乙', '2']]],
  ['an empty cell', '甲\t\t2\n\t\t', [['甲', '', '2'], ['', '', '']]],
  ['a line break inside', '"上午\n下午"\t3\n乙\t4', [['上午\n下午', '3'], ['乙', '4']]],
  ['quotes inside', '"放映""分类""片"\t3', [['放映"分类"片', '3']]],
  ['a quote that is a letter', '55"电视\t3', [['55"电视', '3']]],
  ['a quote that never ends', '"没有收口\t3\n乙\t4', [['"没有收口', '3'], ['乙', '4']]],
])('%s', (_, text, cells) => expect(parseCells(text)).toEqual(cells))
