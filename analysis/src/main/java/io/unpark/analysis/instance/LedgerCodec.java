package io.unpark.analysis.instance;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.codec.FindingCodec;
import io.unpark.analysis.model.Finding;
import java.util.ArrayList;
import java.util.List;

/** The findings that stand. */
final class LedgerCodec {
    private static final String STANDING = "standing";
    private static final String TOLD = "told";

    private final Ledger ledger;

    LedgerCodec(Ledger ledger) {
        this.ledger = ledger;
    }

    void write(PageBook pages) {
        for (Finding f : ledger.standing.values()) {
            FindingCodec.write(pages.page(STANDING, StateCodec.bucket(f.findingId())), f);
        }
        ledger.ofRequests.forEach((local, findings) -> {
            BinaryWriter out = pages.page(TOLD, local >> 4);
            out.writeUnsigned(local);
            out.writeUnsigned(findings.size());
            findings.forEach(f -> FindingCodec.write(out, f));
        });
    }

    void read(StateCodec.Pages pages) {
        pages.each(STANDING, in -> {
            Finding f = FindingCodec.read(in);
            ledger.standing.put(f.findingId(), f);
        });
        pages.each(TOLD, this::readTold);
    }

    private void readTold(BinaryReader in) {
        long local = in.readUnsigned();
        List<Finding> findings = new ArrayList<>();
        for (int i = in.readCount(); i > 0; i--) {
            findings.add(FindingCodec.read(in));
        }
        ledger.ofRequests.put(local, findings);
    }
}
