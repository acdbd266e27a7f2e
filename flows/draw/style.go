package draw

// style colours a drawing. Every rule is written out for both kinds of light, as
// not everything that shows SVG knows variables. Names begin with fd-, so that
// they disturb nothing where the drawing is put into a page.
const style = `
.fd-page{fill:#fff}
.fd-region{fill:#f6f8fb;stroke:#d5dce6}
.fd{font-family:"Helvetica Neue",Helvetica,Arial,"Liberation Sans",sans-serif;fill:#1b2430}
.fd-headline{font-size:21px;font-weight:700}
.fd-byline{font-size:13px;fill:#5a6676}
.fd-name{font-size:15px;font-weight:700;fill:#3a4657}
.fd-title{font-size:13px;font-weight:700;text-anchor:middle}
.fd-words{font-size:12px;text-anchor:middle;fill:#3d4857}
.fd-legend .fd-words{font-size:11px;text-anchor:start;fill:#5a6676}
.fd-label{font-size:11px;text-anchor:middle;paint-order:stroke;stroke:#f6f8fb;stroke-width:5px;stroke-linejoin:round}
.fd-beside{text-anchor:start}
.fd-shape{stroke-width:1.4}
.fd-edge path{fill:none;stroke-width:1.5}
.fd-edge .fd-head,.fd-head{stroke:none}
.fd-begin{fill:none;stroke-width:2}
.fd-icon{stroke:none}
.fd-stroke{fill:none;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.fd-cell a{cursor:pointer}
.fd-say .fd-shape{fill:#e8f0ff;stroke:#4a72cc}
.fd-choices .fd-shape{fill:#f1ebff;stroke:#7a5bd0}
.fd-ask .fd-shape{fill:#e3f6ec;stroke:#238a5c}
.fd-call .fd-shape{fill:#dff4f8;stroke:#1d8298}
.fd-branch .fd-shape{fill:#fff3d6;stroke:#b67a0c}
.fd-end .fd-shape,.fd-return .fd-shape{fill:#e9edf2;stroke:#667085}
.fd-end .fd-shape{stroke-width:2.6}
.fd-return .fd-shape{stroke-dasharray:5 3}
.fd-person .fd-shape{fill:#ffe7e3;stroke:#cf4a3c}
.fd-over .fd-shape,.fd-caller .fd-shape,.fd-back .fd-shape{fill:#e9edf2;stroke:#667085}
.fd-flow .fd-shape{fill:#fff;stroke:#8793a5}
.fd-icon{fill:#5f6b7c}
.fd-stroke{stroke:#5f6b7c}
.fd-person .fd-icon{fill:#cf4a3c}
.fd-start,.fd-cell>.fd-head{fill:#1b2430}
.fd-begin{stroke:#1b2430}
.fd-e-go path,.fd-e-then path{stroke:#6d7a8c}
.fd-e-go .fd-head,.fd-e-then .fd-head{fill:#6d7a8c}
.fd-e-choice path{stroke:#8a6fd6}
.fd-e-choice .fd-head{fill:#8a6fd6}
.fd-e-answer path{stroke:#2f9e6c}
.fd-e-answer .fd-head{fill:#2f9e6c}
.fd-e-branch path,.fd-e-otherwise path{stroke:#c08a1e}
.fd-e-branch .fd-head,.fd-e-otherwise .fd-head{fill:#c08a1e}
.fd-e-timeout path{stroke:#9a6b5b}
.fd-e-timeout .fd-head{fill:#9a6b5b}
.fd-e-otherwise path{stroke-dasharray:6 4}
.fd-e-timeout path{stroke-dasharray:2 4;stroke-linecap:round}
.fd-e-then path{stroke-dasharray:9 4}
.fd-edge .fd-head{stroke:none;stroke-dasharray:none}
@media (prefers-color-scheme:dark){
.fd-page{fill:#0f141b}
.fd-region{fill:#161d27;stroke:#2b3645}
.fd{fill:#e8edf4}
.fd-byline,.fd-legend .fd-words{fill:#98a5b6}
.fd-name{fill:#c4cedb}
.fd-words{fill:#c9d2de}
.fd-label{stroke:#161d27}
.fd-say .fd-shape{fill:#1b2b4d;stroke:#7d9df0}
.fd-choices .fd-shape{fill:#2c2250;stroke:#a98df2}
.fd-ask .fd-shape{fill:#12352a;stroke:#55c592}
.fd-call .fd-shape{fill:#0f343d;stroke:#4fbdd3}
.fd-branch .fd-shape{fill:#3b2e0e;stroke:#e0ad45}
.fd-end .fd-shape,.fd-return .fd-shape,.fd-over .fd-shape,.fd-caller .fd-shape,.fd-back .fd-shape{fill:#262f3c;stroke:#97a3b4}
.fd-person .fd-shape{fill:#45201c;stroke:#f08a7d}
.fd-flow .fd-shape{fill:#10161e;stroke:#8793a5}
.fd-icon{fill:#a9b4c3}
.fd-stroke{stroke:#a9b4c3}
.fd-person .fd-icon{fill:#f08a7d}
.fd-start,.fd-cell>.fd-head{fill:#e8edf4}
.fd-begin{stroke:#e8edf4}
.fd-e-go path,.fd-e-then path{stroke:#8f9cae}
.fd-e-go .fd-head,.fd-e-then .fd-head{fill:#8f9cae}
.fd-e-choice path{stroke:#a98df2}
.fd-e-choice .fd-head{fill:#a98df2}
.fd-e-answer path{stroke:#55c592}
.fd-e-answer .fd-head{fill:#55c592}
.fd-e-branch path,.fd-e-otherwise path{stroke:#e0ad45}
.fd-e-branch .fd-head,.fd-e-otherwise .fd-head{fill:#e0ad45}
.fd-e-timeout path{stroke:#cf9c8a}
.fd-e-timeout .fd-head{fill:#cf9c8a}
}
`
