import {
  addUploadPart,
  beginUpload,
  discardImport,
  endUpload,
  getImport,
  listImportProblems,
  listImports,
  listMissingPeople,
  readFailedRows,
  readImportTemplate,
  runImport,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { CsvImportService } from './csv-import.service.js';
import { CsvTemplateService } from './csv-template.service.js';
import { CsvUploadService } from './csv-upload.service.js';

@Controller()
export class CsvImportRpc {
  constructor(
    private readonly uploads: CsvUploadService,
    private readonly imports: CsvImportService,
    private readonly templates: CsvTemplateService,
  ) {}

  @Rpc(beginUpload)
  begin(input: ParsedInputOf<typeof beginUpload>, call: Call) {
    return this.uploads.begin(input, call);
  }

  @Rpc(addUploadPart)
  add(input: ParsedInputOf<typeof addUploadPart>, call: Call) {
    return this.uploads.add(input, call);
  }

  @Rpc(endUpload)
  end(input: ParsedInputOf<typeof endUpload>, call: Call) {
    return this.uploads.end(input, call);
  }

  @Rpc(listImports)
  list(input: ParsedInputOf<typeof listImports>, call: Call) {
    return this.imports.list(input, call);
  }

  @Rpc(getImport)
  get({ importId }: ParsedInputOf<typeof getImport>, call: Call) {
    return this.imports.get(importId, call);
  }

  @Rpc(listImportProblems)
  problems(input: ParsedInputOf<typeof listImportProblems>, call: Call) {
    return this.imports.problems(input, call);
  }

  @Rpc(listMissingPeople)
  missing(input: ParsedInputOf<typeof listMissingPeople>, call: Call) {
    return this.imports.missing(input, call);
  }

  @Rpc(runImport)
  run(input: ParsedInputOf<typeof runImport>, call: Call) {
    return this.imports.run(input, call);
  }

  @Rpc(discardImport)
  discard(input: ParsedInputOf<typeof discardImport>, call: Call) {
    return this.imports.discard(input, call);
  }

  @Rpc(readFailedRows)
  failedRows(input: ParsedInputOf<typeof readFailedRows>, call: Call) {
    return this.imports.failedRows(input, call);
  }

  @Rpc(readImportTemplate)
  template(input: ParsedInputOf<typeof readImportTemplate>, call: Call) {
    return this.templates.read(input, call);
  }
}
