import type { ThemeConfig } from 'antd'

/** The board's tokens for the few antd parts the desk uses (board README, table of tokens). */
export const theme: ThemeConfig = {
  token: {
    colorText: '#1b2426', colorTextSecondary: '#3f4a4d', colorTextTertiary: '#5b666a', colorTextQuaternary: '#5b666a', colorTextPlaceholder: '#5b666a', colorTextDescription: '#5b666a', colorTextDisabled: '#5b666a',
    colorPrimary: '#11606d', colorLink: '#11606d', colorInfo: '#11606d', colorSuccess: '#11606d', colorPrimaryHover: '#0d444e', colorPrimaryActive: '#0d444e', colorLinkHover: '#0d444e', colorPrimaryBg: '#e1eeef', controlItemBgActive: '#e1eeef', controlItemBgHover: '#f0f6f6',
    colorWarning: '#7a4d00', colorWarningBg: '#fbf0d3', colorError: '#96370f', colorErrorBg: '#fbe8de',
    colorBorder: '#7f898c', colorBorderSecondary: '#dedfda', colorSplit: '#ecece7', colorBgLayout: '#f3f2ee', colorBgContainer: '#ffffff', colorFillAlter: '#faf9f6', colorFillSecondary: '#e9e9e4',
    borderRadius: 6, borderRadiusSM: 6, borderRadiusLG: 6, fontSize: 14, fontSizeSM: 12, fontSizeLG: 16, lineHeight: 1.6, controlHeight: 32, controlHeightSM: 28, controlHeightLG: 40, fontFamily: 'inherit',
  },
}
