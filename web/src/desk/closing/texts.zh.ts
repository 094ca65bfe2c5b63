import { n } from '../../shared/i18n/count'

export const zh = {
  locks: {
    title: '期间锁定',
    add: '锁定一个期间',
    why: '锁定以后，这个期间的记录不能再登记、修改、作废，数字不再变。',
    all: '全部类别',
    unlock: '解除锁定',
    unlockAsk: '解除以后，这个期间的记录又可以改，数字会跟着变。',
    none: '没有锁定的期间',
    noneHint: '年度或季度数字定稿后，可以在这里锁定。',
    by: '谁锁的',
    lastDay: '最后一天',
    done: '已锁定',
    undone: '已解除锁定',
    waiting: (p: { n: number }) => `这段时间还有 ${n(p.n)} 条记录在等审核；锁定以后它们不能再审核通过`,
  },
}
