import { Icon } from './Icon'

/** From one of a list back to the list, where a phone shows only one of both. */
export function Back({ to, onClick }: { to: string; onClick: () => void }) {
  return (
    <button type="button" className="link only-phone" onClick={onClick}>
      <span className="row">
        <Icon name="left" />
        {to}
      </span>
    </button>
  )
}
