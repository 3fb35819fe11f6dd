import { XMLParser, XMLBuilder } from "fast-xml-parser";
const o = new XMLParser({ ignoreAttributes: false }).parse('<r a="1"><i>2</i><i>x &amp; y</i><!-- c --><e/><![CDATA[raw <b>]]></r>'); console.log(JSON.stringify(o)); console.log(new XMLBuilder({ format: true, ignoreAttributes: false }).build(o));
