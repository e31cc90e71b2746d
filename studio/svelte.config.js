// Class names come from the style text alone, so that a build in another folder gives the same bytes.
export default {
  compilerOptions: { cssHash: ({ hash, css }) => `g${hash(css)}` },
};
