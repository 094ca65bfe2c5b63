export { Icon, Logo, type IconName } from '../../shared/Icon'
