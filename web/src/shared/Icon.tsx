const paths = {
  down: <path d="m4 6 4 4 4-4" />,
  up: <path d="m4 10 4-4 4 4" />,
  left: <path d="m10 4-4 4 4 4" />,
  right: <path d="m6 4 4 4-4 4" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  plus: <path d="M8 3v10M3 8h10" />,
  minus: <path d="M3 8h10" />,
  check: <path d="m3 8.5 3.5 3.5L13 5" />,
  download: <path d="M8 2.5v8M4.5 7.5 8 11l3.5-3.5M3 13.5h10" />,
  upload: <path d="M8 11V3M4.5 6 8 2.5 11.5 6M3 13.5h10" />,
  print: <path d="M4.5 6V2.5h7V6M4.5 12H2.5V6.5h11V12h-2M4.5 10h7v3.5h-7z" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.5 10.5 3.5 3.5" />
    </>
  ),
  menu: <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />,
  undo: (
    <>
      <path d="M5.5 3 2.5 6l3 3" />
      <path d="M2.5 6H10a3.5 3.5 0 0 1 0 7H6" />
    </>
  ),
  copy: (
    <>
      <path d="M5.5 5.5h8v8h-8z" />
      <path d="M3.5 10.5h-1v-8h8v1" />
    </>
  ),
  doc: (
    <>
      <path d="M4 1.8h5.5L12.5 5v9.2H4z" />
      <path d="M9.3 1.8V5h3.2M6 8h4.5M6 10.8h4.5" />
    </>
  ),
  home: <path d="m2 7.5 6-5 6 5M3.8 6.2v7.3h8.4V6.2" />,
  person: (
    <>
      <circle cx="8" cy="5.2" r="2.7" />
      <path d="M2.8 13.8c.5-2.8 2.6-4.3 5.2-4.3s4.7 1.5 5.2 4.3" />
    </>
  ),
  list: <path d="M5.5 4H14M5.5 8H14M5.5 12H14M2.3 4h.1M2.3 8h.1M2.3 12h.1" />,
  warn: (
    <>
      <path d="M8 2.4 14.4 13.4H1.6z" />
      <path d="M8 6.4v3.2M8 11.5v.1" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="M8 4.8V8l2.3 1.6" />
    </>
  ),
  pin: (
    <>
      <path d="M8 14.2s4.6-4.3 4.6-7.7a4.6 4.6 0 0 0-9.2 0c0 3.4 4.6 7.7 4.6 7.7z" />
      <circle cx="8" cy="6.4" r="1.6" />
    </>
  ),
  camera: (
    <>
      <path d="M2 5h3l1-1.7h4L11 5h3v8H2z" />
      <circle cx="8" cy="8.8" r="2.4" />
    </>
  ),
  lock: (
    <>
      <path d="M3.5 7h9v6.5h-9z" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </>
  ),
  scan: <path d="M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3M4.5 8h7" />,
  away: <path d="M2 6.2a8.6 8.6 0 0 1 12 0M4.3 8.8a5.4 5.4 0 0 1 7.4 0M6.5 11.3a2.2 2.2 0 0 1 3 0M2.5 2.5l11 11" />,
  calendar: <path d="M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2.2V4.5M10.5 2.2V4.5" />,
  edit: <path d="M3 13l.6-2.8 7-7 2.2 2.2-7 7zM9.4 4.4l2.2 2.2" />,
  chart: <path d="M2.5 13.5h11M4 11.5v-4M7 11.5V3.5M10 11.5V6M13 11.5V8.5" />,
  tray: (
    <>
      <path d="M2.5 9.5 4.5 3h7l2 6.5v4h-11z" />
      <path d="M2.5 9.5H6a2 2 0 0 0 4 0h3.5" />
    </>
  ),
}
export type IconName = keyof typeof paths

export function Icon({ name, size = 16 }: { name: IconName; size?: 16 | 20 | 24 }) {
  return (
    <svg className={size === 16 ? 'glyph' : `glyph glyph-${size}`} viewBox="0 0 16 16" aria-hidden="true">
      {paths[name]}
    </svg>
  )
}

export function Logo({ className = 'logo' }: { className?: string }) {
  return (
    <svg className={className} viewBox="0 0 32 32" fill="currentColor" aria-hidden="true">
      <path d="M0 3a3 3 0 0 1 3-3h12v15H0z" />
      <path d="M17 0a15 15 0 0 1 15 15H17z" />
      <path d="M0 17h15v15H3a3 3 0 0 1-3-3z" />
      <path d="M17 17h15v12a3 3 0 0 1-3 3H17z" />
    </svg>
  )
}
