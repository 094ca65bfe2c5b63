const n = (x: number) => x.toLocaleString('zh-CN')

export const zh = {
  assign: {
    title: '文件里的哪一列是什么',
    hint: (p: { row: number }) => `表头在第 ${p.row} 行。认出的列已经对好，请对上其余的；没有的列可以给每一行填同一个内容。下次表头一样的文件照此对好。`,
    before: (p: { row: number }) => `表头在第 ${p.row} 行，和上次的文件一样，已照上次对好。请看一眼每行都填的内容还对不对，再读入。`,
    needed: '这一列必须有：选文件里的一列，或给每行填同一个内容',
    not: '不填',
    every: '每行都填…',
    text: (p: { f: string }) => `每行的${p.f}`,
    column: (p: { letter: string; title: string }) => `${p.letter} 列　${p.title}`,
    samples: (p: { list: string }) => `例：${p.list}`,
    extra: (p: { n: number }) => `还有 ${n(p.n)} 列可填`,
    unreadShort: '不读',
    unread: '文件里的这些列不读：',
    read: '按此读入',
    head: (p: { row: number }) => `表头在第 ${n(p.row)} 行`,
    done: '列已按对应关系读入',
    change: '修改',
  },
}
