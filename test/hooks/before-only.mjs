export default { before: () => ({ allow: true }) }
