package org.unet4j.report;

/**
 * The look of a page. Networks have the colours of Okabe and Ito 2008, which colour-blind people tell apart, lightened for
 * dark screens; classes have such colours on grey images in both modes.
 */
final class PageStyle {

    /** How many colours there are for networks and for classes; then they begin again. */
    static final int COLORS = 6;

    static final String CSS = """
            :root { color-scheme: light dark;
              --page: #f7f7f5; --card: #ffffff; --ink: #1a1f24; --soft: #59636e; --line: #e2e3e1; --grid: #ecedeb;
              --c0: #0072b2; --c1: #d55e00; --c2: #00855f; --c3: #b0508a; --c4: #b98500; --c5: #3f94c8;
              --k0: #ffb000; --k1: #4cc3ff; --k2: #ff6f91; --k3: #4de0a8; --k4: #f0e442; --k5: #c79bff; }
            @media (prefers-color-scheme: dark) { :root {
              --page: #0f1317; --card: #171c21; --ink: #e8ecef; --soft: #9ba6b0; --line: #2a3138; --grid: #232a30;
              --c0: #58b1ee; --c1: #ff8d4e; --c2: #35c99c; --c3: #e694c4; --c4: #eab53a; --c5: #9bd3f5; } }
            * { box-sizing: border-box; }
            html { -webkit-text-size-adjust: 100%; }
            body { margin: 0; background: var(--page); color: var(--ink);
              font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; }
            main, header, footer { max-width: 1120px; margin: 0 auto; padding: 0 24px; }
            header { padding-top: 44px; }
            .mark { font-weight: 650; letter-spacing: .01em; color: var(--soft); margin: 0 0 6px; font-size: 14px; }
            h1 { font-size: clamp(26px, 4.6vw, 40px); line-height: 1.14; letter-spacing: -.022em; margin: 0 0 14px;
              overflow-wrap: anywhere; font-weight: 700; }
            h2 { font-size: 21px; letter-spacing: -.01em; margin: 48px 0 6px; font-weight: 650; }
            h3 { font-size: 15px; margin: 0; font-weight: 650; overflow-wrap: anywhere; }
            p { margin: 0 0 12px; max-width: 72ch; }
            .lead { font-size: 18px; line-height: 1.5; }
            .note, figcaption, .facts { color: var(--soft); font-size: 14px; }
            .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 22px 0 0; }
            .tile { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 16px; }
            .tile b { display: block; font-size: 25px; line-height: 1.2; letter-spacing: -.02em; font-weight: 650;
              font-variant-numeric: tabular-nums; }
            .tile span { color: var(--soft); font-size: 13px; line-height: 1.35; display: block; margin-top: 3px; }
            .card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 18px; margin: 14px 0 0; }
            .scroll { overflow-x: auto; }
            table { border-collapse: collapse; width: 100%; font-size: 15px; font-variant-numeric: tabular-nums; }
            th { font-weight: 550; color: var(--soft); font-size: 13px; text-align: right; padding: 4px 12px 8px; white-space: nowrap;
              border-bottom: 1px solid var(--line); vertical-align: bottom; }
            td { padding: 9px 12px; text-align: right; white-space: nowrap; border-top: 1px solid var(--grid); }
            tbody tr:first-child td { border-top: 0; }
            th:first-child, td:first-child { text-align: left; padding-left: 2px; }
            td:first-child { font-weight: 550; }
            td small { color: var(--soft); font-size: 12.5px; display: block; font-weight: 400; }
            td.best { font-weight: 700; }
            .swatch { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 8px;
              background: currentColor; vertical-align: -.5px; }
            .forest { width: 190px; height: 26px; display: block; margin-left: auto; }
            .legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0 0 8px; font-size: 14px; padding: 0; list-style: none; }
            .two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 14px; }
            figure { margin: 0; }
            svg.chart { width: 100%; height: auto; display: block; }
            svg.chart text { fill: var(--soft); font-size: 12.5px; font-family: inherit; font-variant-numeric: tabular-nums; }
            svg.chart text.name { fill: var(--ink); font-size: 13px; }
            .grid { stroke: var(--grid); stroke-width: 1; } .axis { stroke: var(--soft); stroke-width: 1; }
            .curve { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
            .faint { fill: none; stroke: currentColor; stroke-width: 1; opacity: .2; }
            .dot { fill: currentColor; opacity: .5; } .interval { stroke: var(--ink); stroke-width: 3; }
            .mean { stroke: var(--ink); stroke-width: 2.5; stroke-linecap: round; }
            .zero { stroke: var(--soft); stroke-dasharray: 2 3; }
            .c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); } .c3 { color: var(--c3); }
            .c4 { color: var(--c4); } .c5 { color: var(--c5); }
            .k0 { color: var(--k0); } .k1 { color: var(--k1); } .k2 { color: var(--k2); } .k3 { color: var(--k3); }
            .k4 { color: var(--k4); } .k5 { color: var(--k5); }
            .case { margin-top: 14px; }
            .case > div:first-child { display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: baseline; margin-bottom: 10px; }
            .role { text-transform: uppercase; font-size: 11.5px; letter-spacing: .07em; font-weight: 650; color: var(--soft);
              border: 1px solid var(--line); border-radius: 99px; padding: 1px 9px; }
            .panels { display: grid; grid-template-columns: repeat(var(--panels), minmax(0, 1fr)); gap: 10px; }
            @media (max-width: 860px) { .panels { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
            .panel svg { width: 100%; height: auto; display: block; background: #000; border-radius: 9px; }
            .panel figcaption { display: flex; justify-content: space-between; gap: 8px; margin-top: 5px; color: var(--ink);
              font-size: 13.5px; font-variant-numeric: tabular-nums; }
            .panel text { fill: #fff; font-family: inherit; font-weight: 600; paint-order: stroke; stroke: #000;
              stroke-opacity: .55; stroke-width: .22em; stroke-linejoin: round; }
            .fill { fill: currentColor; fill-opacity: .42; stroke: none; fill-rule: evenodd; }
            .under { fill-opacity: .3; }
            .outline { fill: none; stroke: currentColor; stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
            .halo { fill: none; stroke: #000; stroke-opacity: .55; stroke-width: 4; vector-effect: non-scaling-stroke; }
            .bar { stroke: #fff; stroke-width: 2; vector-effect: non-scaling-stroke; filter: drop-shadow(0 0 1px #000); }
            .switch { display: inline-flex; gap: 8px; align-items: center; font-size: 14px; cursor: pointer; }
            #overlays:not(:checked) ~ .case .overlay { display: none; }
            .pictures > .legend { display: inline-flex; margin: 0 0 0 18px; vertical-align: middle; }
            details { margin-top: 14px; } summary { cursor: pointer; color: var(--soft); font-size: 14px; }
            details .scroll { max-height: 460px; overflow: auto; margin-top: 8px; } details td { padding: 4px 12px; font-size: 14px; }
            details thead th { position: sticky; top: 0; background: var(--card); }
            dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 18px; margin: 0; font-size: 14px; }
            dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
            footer { padding: 36px 24px 56px; color: var(--soft); font-size: 14px; }
            @media (max-width: 520px) { main, header, footer { padding-left: 16px; padding-right: 16px; }
              .card { padding: 14px 12px; } .lead { font-size: 17px; } .tiles { grid-template-columns: 1fr 1fr; }
              dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 8px; }
              .pictures > .legend { display: flex; margin: 8px 0 0; } }
            @media print { body { background: #fff; } .card, .tile, .case { break-inside: avoid; } .switch { display: none; } }
            """;

    private PageStyle() {}
}
