import { crc32 } from 'node:zlib'

/** A worksheet: its name, its cells by rows, and ranges that are merged. */
export type Sheet = { name: string; rows: (string | number)[][]; merged?: string[] }

const xml = (s: string) => s.replace(/[<>&"]/g, c => `&#${c.charCodeAt(0)};`)
const column = (i: number) => String.fromCharCode(65 + i)

/** A small workbook, as a spreadsheet program would write it. */
export function workbook(sheets: Sheet[]): Buffer {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const doc = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const pack = 'http://schemas.openxmlformats.org/package/2006'
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  const sheet = (s: Sheet) => {
    const rows = s.rows.map((r, i) => {
      const cells = r.map((v, j) => (v === '' ? '' : typeof v === 'number' ? `<c r="${column(j)}${i + 1}"><v>${v}</v></c>` : `<c r="${column(j)}${i + 1}" t="inlineStr"><is><t>${xml(v)}</t></is></c>`))
      return `<row r="${i + 1}">${cells.join('')}</row>`
    })
    const merged = s.merged?.length ? `<mergeCells>${s.merged.map(m => `<mergeCell ref="${m}"/>`).join('')}</mergeCells>` : ''
    return `<worksheet xmlns="${main}"><sheetData>${rows.join('')}</sheetData>${merged}</worksheet>`
  }
  const files: Record<string, string> = {
    '[Content_Types].xml': `<Types xmlns="${pack}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/>${sheets.map((_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${type}.worksheet+xml"/>`).join('')}</Types>`,
    '_rels/.rels': `<Relationships xmlns="${pack}/relationships"><Relationship Id="rId1" Type="${doc}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${doc}"><sheets>${sheets.map((s, i) => `<sheet name="${xml(s.name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${pack}/relationships">${sheets.map((_, i) => `<Relationship Id="rId${i + 1}" Type="${doc}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}</Relationships>`,
  }
  sheets.forEach((s, i) => (files[`xl/worksheets/sheet${i + 1}.xml`] = sheet(s)))
  return zip(files)
}

/** A zip whose files are stored as they are. */
function zip(files: Record<string, string>): Buffer {
  const out: Buffer[] = []
  const index: Buffer[] = []
  let at = 0
  for (const [name, text] of Object.entries(files)) {
    const [n, data] = [Buffer.from(name), Buffer.from(text)]
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt32LE(crc32(data), 10)
    head.writeUInt32LE(data.length, 14)
    head.writeUInt32LE(data.length, 18)
    head.writeUInt16LE(n.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, n, data])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    index.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), head, tail, n]))
    out.push(local)
    at += local.length
  }
  const dir = Buffer.concat(index)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(index.length, 4)
  end.writeUInt16LE(index.length, 6)
  end.writeUInt32LE(dir.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...out, dir, Buffer.from('PK\x05\x06'), end])
}
