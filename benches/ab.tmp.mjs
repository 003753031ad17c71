import { mkdtemp } from "node:fs/promises"; import { tmpdir } from "node:os"; import { join } from "node:path";
import { startWorker } from "../www/stage/workerd.mjs";
import { processorTime } from "./measure/processor.mjs";
import { contests } from "./load/contests.mjs";
import { Line } from "./load/line.mjs";
const which=process.argv[2]; const variants=process.argv.slice(3);
const c=contests.find(c=>c.id===which);
const at=(p)=>({name:"at",setup(b){b.onResolve({filter:/^x402-wasm\/edge/},({path})=>({path: path==="x402-wasm/edge"?`${p}/dist/entry/edge.workerd.js`:`${p}/dist/${path.slice(10)}.js`}))}});
const ws=[];
for(const v of variants){const dataDir=await mkdtemp(join(tmpdir(),"ab-"));const name=v.split("/").pop();
 const w=await startWorker({name,entry:new URL(v==="hello"?"./load/workers/hello.js":"./load/workers/ours.js",import.meta.url).pathname,dataDir,plugins:v==="hello"?[]:[at(v)],compatibilityFlags:["nodejs_compat"],silent:true});
 ws.push({name,w,line:new Line(w.port,8),t:[]});}
const batch=async({w,line},n)=>{const q=c.fresh(n);let next=0;const c0=processorTime(w.pid());const visit=async()=>{while(next<n)await line.send(q[next++])};await Promise.all(Array.from({length:8},visit));return (processorTime(w.pid())-c0)/n};
for(let r=0;r<24;r++)for(const x of ws){const v=await batch(x,400);if(r>7)x.t.push(v)}
for(const x of ws){x.t.sort((a,b)=>a-b);console.log(x.name,"q1",x.t[4].toFixed(1),"median",x.t[8].toFixed(1));x.line.close();await x.w.stop();}
