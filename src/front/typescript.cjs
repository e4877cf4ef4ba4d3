// The compiler is CommonJS. Importing it directly makes Node search its nine megabytes for export names, which takes
// longer than all the rest of its start; this indirection hides them. See docs/decisions/0007.
const ts = require('typescript')
module.exports = ts
