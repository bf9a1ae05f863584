import { words } from '@/shared/words'

export const authWords = words(
  {
    title: '登录',
    lead: '泗水县住宅小区物业管理提升',
    username: '用户名',
    password: '密码',
    enter: '登录',
    required: '请填写用户名和密码。',
    trust: '平板上第一次打开？安装本服务器的证书',
    expired: '登录已失效，请重新登录。',
  },
  {
    title: 'Sign in',
    lead: 'Better residential communities in Sishui County',
    username: 'User name',
    password: 'Password',
    enter: 'Sign in',
    required: 'Give a user name and a password.',
    trust: 'On a tablet for the first time? Install this server’s certificate',
    expired: 'Your sign-in has ended. Please sign in again.',
  },
)
