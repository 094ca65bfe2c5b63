import { workbench } from './workbench/manifest'
import { ledger } from './ledger/manifest'
import { intake } from './intake/manifest'
import { document } from './document/manifest'
import { figure } from './figure/manifest'
import { plan } from './plan/manifest'
import { due } from './due/manifest'
import { place } from './place/manifest'
import { rectify } from './rectify/manifest'
import { inspect } from './inspect/manifest'
import { special } from './special/manifest'
import { checklist } from './checklist/manifest'
import { dispatch } from './dispatch/manifest'
import { assess } from './assess/manifest'
import { fund } from './fund/manifest'
import { org } from './org/manifest'
import { account } from './account/manifest'
import { closing } from './closing/manifest'
import { notify } from './notify/manifest'

/** The capabilities of the desk: a new one is one line here. */
export const manifests = [
  workbench,
  ledger,
  intake,
  document,
  figure,
  plan,
  due,
  place,
  rectify,
  inspect,
  special,
  checklist,
  dispatch,
  assess,
  fund,
  org,
  account,
  closing,
  notify,
] as const
