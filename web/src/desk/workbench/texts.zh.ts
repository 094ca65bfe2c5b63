export const zh = {
  bench: {
    title: '工作台',
    todo: '我要办',
    nothing: '没有要办的事',
    nothingHint: '需要你登记、修改或审核的事，会出现在这里。',
    filter: '按事项筛选',
  },
}
