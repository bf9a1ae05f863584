// The parts of Vant that the pages use, each with its own style and nothing of its icons: those are a font from a
// foreign host, ours are drawn.
import 'vant/es/style/base.css'
import 'vant/es/overlay/index.css'
import 'vant/es/popup/index.css'
import 'vant/es/loading/index.css'
import 'vant/es/button/index.css'
import 'vant/es/dialog/index.css'
import 'vant/es/toast/index.css'
